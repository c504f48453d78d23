"""How an entry is turned into the digest that the next one holds."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One byte form for one set of facts: sorted keys, no spaces, UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_digest(facts: Mapping[str, Any], seq: int, previous: str) -> str:
    """SHA-256 over the previous digest, the place in the chain and the entry's facts."""
    return hashlib.sha256(canonical({"previous": previous, "seq": seq, "facts": dict(facts)})).hexdigest()

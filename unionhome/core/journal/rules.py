"""How an entry is turned into the digest that the next one holds, and how a chain is followed."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

GENESIS = "0" * 64
FACTS = (
    "kind",
    "door",
    "user_id",
    "person_id",
    "actor_name",
    "actor_post",
    "actor_union",
    "node_id",
    "path",
    "hidden_path",
    "model",
    "object_id",
    "subject_id",
    "summary",
    "data",
    "request_id",
)


def _canonical(facts: Mapping[str, Any]) -> bytes:
    """One byte form for one set of facts: sorted keys, no spaces, UTF-8."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_digest(facts: Mapping[str, Any], seq: int, previous: str) -> str:
    """SHA-256 over the previous digest, the place in the chain and the entry's facts."""
    return hashlib.sha256(_canonical({"previous": previous, "seq": seq, "facts": dict(facts)})).hexdigest()


def facts_of(entry: Any) -> dict[str, Any]:
    """What the digest covers, JSON-ready; `at` in UTC to the microsecond."""
    facts: dict[str, Any] = {name: getattr(entry, name) for name in FACTS}
    facts["at"] = entry.at.astimezone(UTC).isoformat()
    return facts


def sum_heads(heads: Iterable[tuple[int, int, str]]) -> str:
    """One digest over (chain, seq, digest) of every chain, in the order of the chains."""
    return hashlib.sha256(_canonical({"heads": [list(head) for head in heads]})).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a chain does not hold."""

    chain: int
    seq: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed entry as the walk sees it; without facts where they were left out of an export."""

    chain: int
    seq: int
    previous: str
    digest: str
    facts: Mapping[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        """Ready for a line of an export."""
        facts = dict(self.facts) if self.facts is not None else None
        return {
            "chain": self.chain, "seq": self.seq, "previous": self.previous, "digest": self.digest, "facts": facts,
        }  # fmt: skip


class Chain:
    """A walk along one chain, link by link."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.last_seq = 0
        self.last_digest = GENESIS
        self.taken = 0

    def take(self, link: Link) -> Iterator[Fault]:
        """The faults between the last link and this one."""
        self.taken += 1
        after_gap = link.seq != self.last_seq + 1
        if after_gap:
            yield self._fault(self.last_seq + 1, f"缺第{self.last_seq + 1}条")
        broken = not after_gap and link.previous != self.last_digest
        if broken or (link.facts is not None and link.digest != entry_digest(link.facts, link.seq, link.previous)):
            yield self._fault(link.seq, f"第{link.seq}条与摘要不符")
        self.last_seq, self.last_digest = link.seq, link.digest

    def close(self, head_seq: int, head_digest: str) -> Iterator[Fault]:
        """The fault at the end, where the head says otherwise."""
        if (head_seq, head_digest or GENESIS) != (self.last_seq, self.last_digest):
            yield self._fault(max(head_seq, self.last_seq), "的末端与记录不符")

    def _fault(self, seq: int, words: str) -> Fault:
        return Fault(self.number, seq, f"链{self.number}{words}")


def find_export_faults(lines: Iterable[str]) -> Iterator[Fault]:
    """Walk the chains of an export, which needs neither server nor database.

    Raises ValueError with the number of the line that is none of an export.
    """
    walks: dict[int, Chain] = {}
    closed: set[int] = set()
    for number, line in enumerate(lines, 1):
        facts = _read_line(number, line)
        walk = walks.setdefault(facts["chain"], Chain(facts["chain"]))
        if "head" in facts:
            closed.add(walk.number)
            yield from walk.close(facts["head"], facts["digest"])
        else:
            yield from walk.take(Link(facts["chain"], facts["seq"], facts["previous"], facts["digest"], facts["facts"]))
    for walk in walks.values():
        if walk.number not in closed:
            yield Fault(walk.number, walk.last_seq, f"链{walk.number}没有末端，文件可能不完整")


def _read_line(number: int, line: str) -> dict[str, Any]:
    try:
        facts = json.loads(line)
        needed = {"chain", "digest"} | ({"head"} if "head" in facts else {"seq", "previous", "facts"})
        if not needed <= facts.keys():
            raise KeyError(number)
    except (json.JSONDecodeError, AttributeError, TypeError, KeyError) as error:
        raise ValueError(f"第{number}行不是操作日志的导出") from error
    return dict(facts)

#!/usr/bin/env python3
"""Resolve the dependencies anew and write the lock files, with hashes and without any host.

Pins that still fit are kept; `--upgrade` takes the newest. uv.lock is not used: it names its registry
in every line.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
COMPILE = (
    *("pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
)
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")


def run(*command: str | Path) -> None:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=os.environ | {"PATH": path})


def without_addresses(node: Any) -> Any:
    """The npm lock without the addresses of registries and of donation pages."""
    if not isinstance(node, dict):
        return node
    return {key: without_addresses(value) for key, value in node.items() if key not in ("resolved", "funding")}


def main() -> int:
    given = sys.argv[1:]
    run(BIN / "uv", *COMPILE, *given, "--group", "dev", "-o", "requirements-dev.lock")
    run(BIN / "uv", *COMPILE, *given, "-c", "requirements-dev.lock", "-o", "requirements.lock")
    run(BIN / "npm", "install", "--package-lock-only", "--silent")
    path = ROOT / "package-lock.json"
    lock = without_addresses(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in LOCKS:
        if re.search(r"https?://", (ROOT / name).read_text(encoding="utf-8")):
            print(f"lock: {name} still names a host", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

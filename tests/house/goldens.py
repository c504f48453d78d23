"""Golden files: what people judge. `make golden` rewrites them, and the diff is the review."""

import difflib
import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"
MOST_LINES = 60


def is_writing() -> bool:
    """Whether this run rewrites the golden files instead of comparing with them."""
    return os.environ.get("UNIONHOME_GOLDEN") == "write"


def read(name: str) -> str:
    """The golden text; empty where there is none yet."""
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write(name: str, text: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(text, encoding="utf-8")


def check(name: str, text: str) -> None:
    """Compare with the golden file, or rewrite it. The failure is the diff, which is what has to be judged."""
    if is_writing():
        write(name, text)
        return
    lines = list(difflib.unified_diff(read(name).splitlines(), text.splitlines(), f"golden/{name}", "now", lineterm=""))
    shown = "\n".join(lines[:MOST_LINES])
    assert not lines, f"golden/{name} says otherwise. Judge the difference, then run `make golden`.\n{shown}"


def check_json(name: str, value: Any) -> None:
    check(name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

"""Every key that anybody writes into the journal's data has a label on a card: the journal's page shows no bare keys."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from unionhome.core.access.screens import find_label

ROOT = Path(__file__).parents[2] / "unionhome"
WRITERS = {"record", "_journal"}


def written_keys() -> Iterator[tuple[str, str]]:
    """The room and the key of every literal `data={...}` that is handed to the journal."""
    for path in sorted(ROOT.glob("*/*/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITERS:
                for word in node.keywords:
                    if word.arg == "data":
                        yield from ((path.relative_to(ROOT).parts[1], key) for key in literal_keys(word.value))


def literal_keys(data: ast.AST) -> Iterator[str]:
    for node in ast.walk(data):
        if isinstance(node, ast.Dict):
            yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))


KEYS = sorted(set(written_keys()))


def test_the_house_writes_data() -> None:
    assert len(KEYS) > 40
    assert {"cases", "members", "organizations", "workflow"} <= {room for room, _ in KEYS}


@pytest.mark.parametrize(("room", "key"), KEYS)
def test_a_key_has_a_label(room: str, key: str) -> None:
    assert find_label(f"{room}.thing.done", key), f"{room}: name “{key}” in journal_words of its card"

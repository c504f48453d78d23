"""What the pages of the journal show: the data of an entry in words. Pure shaping."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from unionhome.core.registry import ROLES, Table, all_permissions, discover, rooms
from unionhome.kit.money import yuan_text

OTHER = "其他"
STATES = ("from", "to", "state")


def data_lines(kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The label and the value of everything an entry of that kind holds; what has no label stands last as 其他."""
    lines = [(find_label(kind, key) or OTHER, _text(kind, key, value)) for key, value in data.items()]
    return sorted(lines, key=lambda line: line[0] == OTHER)


def find_label(kind: str, key: str) -> str:
    """What the card of the entry's room calls a key, else any other card; "" where none does."""
    label = kind.partition(".")[0]
    return _words().get(label, {}).get(key, "") or next((words[key] for words in _words().values() if key in words), "")


@cache
def _words() -> dict[str, Mapping[str, str]]:
    """The words of every card by the label of its room, the journal's own first."""
    cards = {room.label: room.card.journal_words for room in rooms()}
    return {"journal": cards.pop("journal", {}), **cards}


def _text(kind: str, key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{label}：{text}" for label, text in data_lines(kind, value)) or "—"
    if isinstance(value, list):
        return _list_text(kind, key, value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in (None, ""):
        return "—"
    if key.endswith("_fen") and isinstance(value, int):
        return f"{yuan_text(value)}元"
    return _word(kind, key, str(value))


def _list_text(kind: str, key: str, value: list[Any]) -> str:
    texts = [_text(kind, key, each) for each in value]
    return "、".join(texts) or "—"


def _word(kind: str, key: str, value: str) -> str:
    """A code in the word that people know it by, where the house has one."""
    if key in STATES:
        table = next((table for table in _tables() if kind.startswith(f"{table.name}.")), None)
        return table.by_name[value].label if table and value in table.by_name else value
    if key == "role" and value in ROLES:
        return ROLES[value].label
    if key == "permissions" and value in all_permissions():
        return all_permissions()[value].label
    if key == "service":
        return next((kind.label for kind in discover("figures", "SERVICE_KINDS") if kind.code == value), value)
    return value


@cache
def _tables() -> tuple[Table, ...]:
    return discover("workflow", "TABLES")

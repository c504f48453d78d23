"""What the pages of the journal show, the data of an entry in words; and those of absences. Pure shaping."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.urls import Resolver404, resolve
from django.utils import timezone

from unionhome.core.access.models import Absence, User
from unionhome.core.access.rules import KeptForm
from unionhome.core.registry import ROLES, Card, Table, all_permissions, discover, rooms
from unionhome.kit.money import yuan_text

OTHER = "其他"
STATES = ("from", "to", "state")
DECLARED = {"service": ("figures", "SERVICE_KINDS"), "purpose": ("rules", "CONSENT_PURPOSES")}
"""Keys whose values are codes that rooms declare: where."""


def data_lines(kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The label and the value of everything an entry of that kind holds; what has no label stands last as 其他."""
    lines = [(find_label(kind, key) or OTHER, _text(kind, key, value)) for key, value in data.items()]
    return sorted(lines, key=lambda line: line[0] == OTHER)


def kind_label(kind: str) -> str:
    """The business of a kind in words, and what was done where a table of steps says it: 诉求，受理."""
    table, moved = _table_of(kind), kind.rpartition(".")[2]
    if table is not None:
        done = next((each.label for each in table.transitions if each.journal_verb == moved), "提出")
        return f"{table.title}，{done}"
    return room_titles().get(kind.partition(".")[0], OTHER)


def object_label(model: str) -> str:
    """What people call the rows of a model, as the cards say; "记录" where none does."""
    return next((card.journal_objects[model] for card in _cards() if model in card.journal_objects), "记录")


def room_titles() -> dict[str, str]:
    """What each room is called, by the first part of a journal kind."""
    return {room.label: room.card.title for room in rooms()}


def room_choices() -> list[tuple[str, str]]:
    """What the list can be narrowed to: a business by its name, with the beginnings of its kinds."""
    starts: dict[str, list[str]] = {}
    for label, title in room_titles().items():
        starts.setdefault(title, []).append(f"{label}.")
    return [(",".join(kinds), title) for title, kinds in starts.items()]


def _cards() -> list[Card]:
    return [room.card for room in rooms()]


def _table_of(kind: str) -> Table | None:
    return next((table for table in _tables() if kind.startswith(f"{table.name}.")), None)


MOST_SHOWN = 3


def kept_words(kept: KeptForm) -> str:
    """What sending a kept form on would do, for a page that asks: the room it goes to and the sentences it holds."""
    try:
        label = resolve(kept.path.partition("?")[0]).app_name
    except Resolver404:
        label = ""
    title = next((room.card.title for room in rooms() if room.label == label), OTHER)
    texts = [value.strip() for _, value in kept.fields if any("\u4e00" <= sign <= "\u9fff" for sign in value)]
    shown = "；".join(text if len(text) <= 40 else f"{text[:40]}…" for text in texts[:MOST_SHOWN])
    return f"{title}：{shown}" if shown else title


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
        table = _table_of(kind)
        return table.by_name[value].label if table and value in table.by_name else value
    if key == "role" and value in ROLES:
        return ROLES[value].label
    if key == "permissions" and value in all_permissions():
        return all_permissions()[value].label
    if key in DECLARED:
        return next((each.label for each in discover(*DECLARED[key]) if each.code == value), value)
    choices = _choices(kind.partition(".")[0])
    return choices.get(key, choices.get(key.removesuffix("s"), {})).get(value, value)


@cache
def _choices(label: str) -> dict[str, dict[str, str]]:
    """The words of the choices that the models of a room offer, by field and value."""
    found: dict[str, dict[str, str]] = {}
    config = apps.app_configs.get(label)
    for model in config.get_models() if config else ():
        for each in model._meta.get_fields():
            for value, word in getattr(each, "flatchoices", ()):
                found.setdefault(each.name, {})[str(value)] = str(word)
    return found


@cache
def _tables() -> tuple[Table, ...]:
    return discover("workflow", "TABLES")


def stand_in_choices(people: Iterable[User], user: User) -> list[tuple[str, str]]:
    """Who can be asked, with the post; of another union its name too."""

    def label(each: User) -> str:
        union = each.node.name if each.node is not None and each.node_id != user.node_id else ""
        notes = "，".join(note for note in (union, each.post) if note)
        return f"{each.name}（{notes}）" if notes else each.name

    return [(str(each.pk), label(each)) for each in people]


def absence_told(absence: Absence, *, is_own: bool) -> str:
    """What was entered, in a sentence."""
    who, back = "您" if is_own else absence.user.name, absence.ends_on
    return f"已记下：{who}{absence.words}，{back.month}月{back.day}日起自己办。"


def absence_rows(absences: Iterable[Absence], today: date) -> list[dict[str, Any]]:
    """Lines of a list of absences: whole days, and how each stands on the day of looking."""
    rows = []
    for each in absences:
        word, tone = _absence_state(each, today)
        last = each.ends_on - timedelta(days=1)
        rows.append(
            {
                "absence": each,
                "days": f"{each.starts_on:%Y-%m-%d} 到 {last:%Y-%m-%d}",
                "state": word,
                "tone": tone,
                "may_end": word in (RUNNING, COMING),
                "end_label": "提前结束" if word == RUNNING else "撤销",
            }
        )
    return rows


RUNNING, COMING = "正不在", "还没开始"


def _absence_state(each: Absence, today: date) -> tuple[str, str]:
    if each.ended_at is not None:
        return ("撤销了", "grey") if timezone.localdate(each.ended_at) < each.starts_on else ("提前结束了", "grey")
    if each.ends_on <= today:
        return "已经回来", "grey"
    return (RUNNING, "amber") if each.starts_on <= today else (COMING, "blue")


def standing_rows(absences: Iterable[Absence], today: date) -> list[str]:
    """What somebody stands in for: 替周明，12月1日到5日（现在）."""
    return [f"替{each.user.name}，{each.days}{'（现在）' if each.starts_on <= today else ''}" for each in absences]

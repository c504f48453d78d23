"""When several matters are one of many people, and where it is handled. Pure functions."""

from collections.abc import Iterable, Sequence

from unionhome.core.cases.rules.routes import UnionFacts

LEVELS = ("county", "city")
"""Levels of the federations that handle mass matters and see them without being named."""


def count_apart(senders: Iterable[tuple[int, int | None, int | None, str]]) -> int:
    """How many people stand behind cases: (id, person, account, index of the phone). Two that share any of these are one;
    who left none of them counts apart."""
    groups: list[set[tuple[str, object]]] = []
    for pk, person, account, phone in senders:
        marks: set[tuple[str, object]] = {
            (name, value) for name, value in (("person", person), ("account", account), ("phone", phone)) if value
        } or {("case", pk)}
        same = [group for group in groups if group & marks]
        groups = [group for group in groups if group not in same]
        groups.append(marks.union(*same))
    return len(groups)


def choose_mass_path(above: Sequence[UnionFacts], paths: Iterable[str], hidden_path: str) -> UnionFacts | None:
    """The nearest federation of a county or the city that stands over all of some unions and is not the employer's own;
    `above` are the federations over the first of them, the nearest first. None where there is none."""
    found = list(paths)
    for union in above:
        is_hidden = bool(hidden_path) and union.path.startswith(hidden_path)
        if union.level in LEVELS and not is_hidden and all(path.startswith(union.path) for path in found):
            return union
    return None

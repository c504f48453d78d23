"""A figure as a stored predicate. The figures room asks it; a room only declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a figure's rows. `field` is a model lookup; `kind` is text, day, moment, fen, number or masked_name."""

    label: str
    field: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A declared question over rows.

    kind: flow (days within the period), stock (rows standing on the period's last day), ratio, median or standard.
    scope: tree (全市, the branch) or own (本级). basis: 实名, 记录, 计数, 上报 or 外部.
    measure: "rows", "sum:<field>", "people:<field>" (distinct), "median:<field>".
    `predicate` are field lookups; `day` is the date field of a flow; `standing` names the first day and the day after
    the last day (null while standing) of a stock; `place` is the prefix of the lookups that tell where a row counts
    ("" when the model itself carries node, county, town and village frozen at its day; for stocks the path of the node).
    """

    code: str
    name: str
    unit: str
    kind: str
    basis: str
    definition: str
    owner: str
    model: str
    measure: str = "rows"
    scope: str = "tree"
    predicate: Mapping[str, Any] = field(default_factory=dict)
    day: str = ""
    standing: tuple[str, str] | None = None
    place: str = ""
    columns: tuple[Column, ...] = ()
    openness: str = "internal"

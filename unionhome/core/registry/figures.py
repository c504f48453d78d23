"""A figure as a stored question. The figures room asks it; a room only declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a figure's rows.

    `field` is a model lookup. `kind` is text, day, moment, fen, number, minutes, yes_no, service (the label of a
    ServiceKind) or masked_name; what tells who a person is must be masked_name. `choices` gives the words of a coded
    field; a field that has choices of its own needs none.
    """

    label: str
    field: str
    kind: str = "text"
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A declared question over rows, `code` being "<app>.<noun>".

    kind: flow (days within the period), stock (rows standing on the period's last day), ratio (in per cent), median or
    standard (an amount per person set by a decision).
    scope: tree (全市, the branch) or own (本级, the body itself). basis: 实名, 记录, 计数 (head counts, never distinct
    people), 上报 or 外部 (the last two never count as proven).
    unit: the measure word read by people. Amounts are kept in fen: 元 and 万元 divide by themselves. Other units whose
    rows hold a smaller one (minutes shown as 小时) say so in `per`; `decimals` are kept when shown.
    measure:
      rows             the number of rows
      sum:<field>      their sum
      people:<field>   distinct persons by that foreign key to members.Person; merged doubles are one
      median:<field>   the median of a number
      standard:<field> the amount on the newest row
      share            rows that also meet `part`, per cent of all rows
      over:<a>/<b>     figure a, per cent of figure b
    predicate: field lookups of the rows. Rows taken back (`STANDS` of the model) never count.
    day: the date or moment of a flow, ratio, median or standard; left empty they stand like a stock.
    standing: first day and the day after the last day (null while standing) of a stock.
    place: lookup of the foreign key to the tree node where a row counts, "node" unless said. Where county, town and
    village stand beside it, frozen at the row's day, work counts there for ever; other rows count where the node stood
    on the row's day, stocks where it stood on the period's last day.
    columns: what the rows show; `link` is the lookup of a row's page path, or a path with lookups in braces
    ("/desk/cases/{pk}/").
    beyond: why a ratio may come to more than a hundred per cent; said wherever it does.
    board: its place on the board, ordered by `order`: clock (a median, with `pair` its on-time share and the policy in
    minutes that `limit` names), column (of the county table), now or trend.
    """

    code: str
    name: str
    unit: str
    kind: str
    basis: str
    definition: str
    owner: str
    model: str = ""
    measure: str = "rows"
    scope: str = "tree"
    predicate: Mapping[str, Any] = field(default_factory=dict)
    part: Mapping[str, Any] = field(default_factory=dict)
    day: str = ""
    standing: tuple[str, str] | None = None
    place: str = ""
    columns: tuple[Column, ...] = ()
    link: str = ""
    per: int = 0
    decimals: int = -1
    openness: str = "internal"
    beyond: str = ""
    board: str = ""
    pair: str = ""
    limit: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """One kind of service that a record can name. Rooms declare theirs in `figures.py` as SERVICE_KINDS."""

    code: str
    label: str

"""Reading the rows of a figure once and for all: sealed lines, their digest, and the number made again from them."""

import hashlib
import secrets
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unionhome.core.figures import queries
from unionhome.core.figures.models import ROWS_FIELD, FrozenRows, Publication, PublishedFigure
from unionhome.core.figures.queries.values import list_rows
from unionhome.core.figures.rules.frozen import Cell, declaration_of, measure_of, public_cells, unit_words
from unionhome.core.registry import Actor, Figure, Refused
from unionhome.kit.crypto import seal_bytes
from unionhome.kit.dates import Period
from unionhome.kit.verifier import Tally, raw_text, row_line, value_again

ROWS_EACH = 500
PARTS_EACH = 100
ID_BYTES = 12
Line = tuple[bytes, object]


@dataclass(frozen=True, slots=True)
class Read:
    """A figure with its sealed rows, read and not written down yet."""

    figure: PublishedFigure
    parts: Sequence[FrozenRows]


def keep_figure(read: Read) -> PublishedFigure:
    """Write down what was read."""
    read.figure.save(force_insert=True)
    for part in read.parts:
        part.figure = read.figure
    FrozenRows.objects.bulk_create(read.parts, batch_size=PARTS_EACH)
    return read.figure


def read_figure(actor: Actor, publication: Publication, code: str) -> Read:
    """Read one figure of a publication as the actor sees it, writing nothing: of a whole city's members this takes half
    a minute, and no transaction may stand open so long.

    Raises Refused where it has no number yet, or where its rows do not come to the number that is shown.
    """
    node, period = publication.node, Period(publication.starts_on, publication.ends_on)
    value = queries.get_value(actor, code, node, period)
    figure = value.figure
    if value.raw is None:
        raise Refused(f"“{figure.name}”这段时间还没有数，不能发布。", "no-value")
    previous = queries.find_latest(node, code, period)
    upper, lower = queries.parts_of_ratio(figure) or (None, None)
    row = PublishedFigure(
        publication=publication,
        node=node,
        public_id=secrets.token_hex(ID_BYTES),
        code=code,
        name=figure.name,
        starts_on=period.start_on,
        ends_on=period.end_on,
        version=previous.version + 1 if previous else 1,
        declaration=declaration_of(figure, node.level, queries.list_columns(figure)),
        measure=measure_of(figure, upper, queries.get_value(actor, lower.code, node, period).raw if lower else None),
        raw=raw_text(value.raw),
        shown=value.shown,
        unit=unit_words(figure),
        row_count=value.rows,
        people_count=queries.count_people(actor, code, node, period),
        cells=public_cells(figure, _cells(actor, figure, publication, period)),
    )
    return Read(row, _read_rows(actor, row, period))


def _cells(actor: Actor, figure: Figure, publication: Publication, period: Period) -> list[Cell]:
    parts = queries.list_by_child(actor, figure.code, publication.node, period)
    return [Cell(part.label, part.raw, part.rows) for part in parts]


def _lines(actor: Actor, row: PublishedFigure, period: Period) -> Iterator[tuple[bytes, object]]:
    figure = queries.get_figure(row.code)
    rows = list_rows(actor, row.code, row.node, period)
    model = rows.model._meta.label_lower
    for number, (pk, weight, cells) in enumerate(queries.list_weighed(figure, rows), start=1):
        yield row_line(number, model, pk, weight, cells), weight


def _read_rows(actor: Actor, row: PublishedFigure, period: Period) -> list[FrozenRows]:
    whole, tally = hashlib.sha256(), Tally(row.measure["way"])
    parts: list[FrozenRows] = []
    lines: list[bytes] = []

    def pack() -> None:
        if lines:
            content = seal_bytes(zlib.compress(b"".join(lines), 6), field=ROWS_FIELD)
            first = tally.count - len(lines) + 1
            parts.append(FrozenRows(first=first, count=len(lines), rows_sealed=content))
            lines.clear()

    for line, weight in _lines(actor, row, period):
        whole.update(line)
        tally.take(weight)
        lines.append(line)
        if len(lines) == ROWS_EACH:
            pack()
    pack()
    if (tally.count, value_again(row.measure, tally)) != (row.row_count, row.raw):
        raise Refused(f"“{row.name}”的行和数对不上，请稍后重新取数；还是对不上，请告诉系统管理员。", "rows-differ")
    row.rows_digest = whole.hexdigest()
    return parts

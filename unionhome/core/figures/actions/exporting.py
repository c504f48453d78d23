"""Taking figures out of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.db import transaction
from django.utils import timezone

from unionhome.core.figures import papers, queries, sheets
from unionhome.core.figures.rules.periods import period_key
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period, day_text


@dataclass(frozen=True, slots=True)
class Export:
    """A workbook, its name, and how many rows it holds."""

    content: bytes
    name: str
    rows: int

    @property
    def quoted_name(self) -> str:
        """The name as a header carries it."""
        return quote(self.name)


def export_figure(actor: Actor, code: str, node: Node, period: Period) -> Export:
    """The rows of a figure as a workbook with its definition; journaled with how many rows went out.

    What is read is read outside of any transaction, so that nobody waits for a long export.

    Raises NotFound outside the actor's branches, Refused for more rows than a sheet holds.
    """
    value = queries.get_value(actor, code, node, period)
    if value.rows > sheets.MOST_ROWS:
        raise Refused("行数太多，一张表放不下。先选下级工会或短一点的期间，分几次导出。", "too-many-rows")
    rows = queries.list_cells(value.figure, queries.list_rows(actor, code, node, period))
    taken = (
        ("导出时间", f"{timezone.localtime(actor.at):%Y-%m-%d %H:%M}"),
        ("导出人", "，".join(word for word in (actor.node_name, actor.post, actor.name) if word)),
    )
    columns = queries.list_columns(value.figure)
    content, count = sheets.write_figure(value, queries.get_about(value.figure, value.node.level), columns, rows, taken)
    journal.record(
        actor,
        "figures.figure.exported",
        node=node,
        summary=f"导出指标“{value.figure.name}”{count} 行",
        data={"code": code, "period": period_key(period), "rows": count, "value": value.shown},
    )
    return Export(content, f"{value.figure.name}_{node.name}_{period_key(period).replace('/', '_')}.xlsx", count)


def export_table(
    actor: Actor, codes: Sequence[str], node: Node, period: Period, other: Period | None, form: str
) -> Export:
    """Several figures by unions below as xlsx, docx or pdf; journaled. Raises as `queries.get_table` does."""
    table = queries.get_table(actor, codes, node, period, other)
    if form == "xlsx":
        content = sheets.write_table(table)
    else:
        content = papers.write_report(papers.table_report(table, day_text(timezone.localdate(actor.at))), form)
    names = "、".join(column.figure.name for column in table.columns)
    journal.record(
        actor,
        "figures.table.exported",
        node=node,
        summary=f"导出汇总表：{names}"[:300],
        data={"code": ",".join(codes)[:300], "period": period_key(period), "format": form},
    )
    return Export(content, f"{node.name}汇总表_{period_key(period).replace('/', '_')}.{form}", len(table.lines))


@transaction.atomic
def export_frozen(actor: Actor, public_id: str) -> Export:
    """The frozen rows of a figure as a workbook; journaled. Raises NotFound, Refused for more rows than a sheet holds."""
    row = queries.get_frozen(actor, public_id)
    if row.row_count > sheets.MOST_ROWS:
        raise Refused("行数太多，一张表放不下，请用核验包。", "too-many-rows")
    taken = (
        ("导出时间", f"{timezone.localtime(actor.at):%Y-%m-%d %H:%M}"),
        ("导出人", "，".join(word for word in (actor.node_name, actor.post, actor.name) if word)),
    )
    content, count = sheets.write_frozen(row, queries.list_seen_rows(actor, row), taken)
    journal.record(
        actor,
        "figures.frozen.exported",
        node=row.node,
        about=row.publication,
        summary=f"导出冻结的行“{row.name}”{count} 行",
        data={"code": row.code, "version": row.version, "rows": count, "value": row.shown},
    )
    key = f"{row.starts_on}_{row.ends_on}"
    return Export(content, f"{row.name}_{row.node.name}_{key}_第{row.version}版.xlsx", count)

"""The words of the item's sheet (议题单) and of the list of items for a meeting (议题清单)."""

from collections.abc import Iterable

from unionhome.core.decisions.models import AgendaLine, Item, Meeting, Opinion
from unionhome.kit.dates import day_text
from unionhome.kit.money import yuan_text
from unionhome.kit.papers import Letter

OPINION_COLUMNS = ("意见", "谁提的", "日期", "内容")
AGENDA_COLUMNS = ("序号", "议题", "类别", "汇报部门", "资金上限")


def item_letter(item: Item, opinions: Iterable[Opinion]) -> Letter:
    """议题单: what is asked, on what money, and what finance, lawyer and audit say."""
    paragraphs = [f"编号：{item.number}。类别：{item.get_kind_display()}。", f"事由：{item.purpose_text}"]
    if item.ceiling_fen is not None:
        paragraphs += [
            f"用途：{item.get_purpose_display()}。标准：{item.standard}",
            f"资金来源：{item.fund}。资金上限：{yuan_text(item.ceiling_fen)} 元。",
        ]
    paragraphs.append(f"汇报部门：{item.department}。")
    rows = tuple(
        (
            opinion.get_role_display(),
            f"{opinion.post} {opinion.name}".strip(),
            day_text(opinion.given_on),
            f"{opinion.get_stance_display()}。{opinion.text}",
        )
        for opinion in opinions
    )
    return Letter(
        title=f"议题单：{item.title}",
        addressee="主席办公会、常委会",
        paragraphs=tuple(paragraphs),
        columns=OPINION_COLUMNS if rows else (),
        rows=rows,
        closing="以上议题，请研究。",
        signer=f"{item.node.name} {item.department}",
        date="",
        note="分管领导、主要负责人审签后附会议材料",
    )


def agenda_letter(meeting: Meeting, lines: Iterable[AgendaLine]) -> Letter:
    """议题清单 of a meeting."""
    rows = tuple(
        (
            str(place),
            f"{line.item.number} {line.item.title}",
            line.item.get_kind_display(),
            line.item.department,
            f"{yuan_text(line.item.ceiling_fen)} 元" if line.item.ceiling_fen is not None else "不花钱",
        )
        for place, line in enumerate(lines, start=1)
    )
    return Letter(
        title=f"{day_text(meeting.held_on)}{meeting.get_body_display()}议题清单",
        addressee="各位参会同志",
        paragraphs=("本次会议研究下列议题，材料随附。清单以外的议题不临时研究。",),
        columns=AGENDA_COLUMNS,
        rows=rows,
        closing="与议题有利害关系的，请提前说明并回避。",
        signer=meeting.node.name,
        date="",
    )

"""A review of this year that a town has begun, with one number from a document."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from unionhome.core.figures import actions, queries
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import get_any_node
from unionhome.kit.dates import Period
from unionhome.kit.papers import Report, has_chinese_font, render_report

NAME = "安康杯竞赛参赛班组"
PARAGRAPH = "“安康杯”竞赛参赛班组有#安康杯竞赛参赛班组#，收到职工诉求#提出诉求#，办结#办结诉求#。"


def write(world: Any) -> None:
    """For the county and the town of the demo's cadres."""
    for user in ("county", "town"):
        actor = world.actor(user, world.at(1, 16))
        _write(world, actor, get_any_node(actor.node_id))


def _write(world: Any, actor: Actor, node: Node) -> None:
    period = Period(date(world.today.year, 1, 1), world.today - timedelta(days=1))
    actions.enter_outside(actor, node, period, _outside(world))
    review = actions.begin_review(actor, node, period)
    first = queries.list_sections(review)[0]
    typed = queries.get_typed(first, queries.get_names(node, period)) + "\n" + PARAGRAPH
    actions.write_section(actor, review.pk, key=first.key, title=first.title, text=typed, revision=review.revision)


def _outside(world: Any) -> actions.Outside:
    scan = render_report(Report("关于安康杯竞赛的报告（演示）", "", ())) if has_chinese_font() else b"%PDF-1.4\n%%EOF\n"
    return actions.Outside(
        name=NAME,
        unit="个",
        number=Decimal(36),
        basis="上报",
        source=f"关于安康杯竞赛开展情况的报告（示安发〔{world.today.year}〕12号）",
        signed_by="生产保护部 李静",
        signed_on=world.today - timedelta(days=3),
        files=[("安康杯报告.pdf", scan)],
    )

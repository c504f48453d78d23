"""Closing a period from below upwards, and reopening it from above."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from unionhome.core.journal import actions as journal
from unionhome.core.periods import queries
from unionhome.core.periods.models import Closing
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused, require_strong
from unionhome.core.tree.models import Node
from unionhome.kit.codes import mask_numbers
from unionhome.kit.dates import Period

CLOSE = "periods.close"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Closed:
    """What a closing wrote: its own row, and how many federations below were closed with it."""

    closing: Closing
    below: int


@transaction.atomic
def close_period(
    actor: Actor, node: Node, period: Period, *, with_below: bool = False, submit_key: str = ""
) -> Closed:  # fmt: skip
    """Close a period at a federation; from then on nothing is written for its days there or below.

    Those below close first: town, county, city. `with_below` closes what is still open below along with it, from the
    bottom up. Raises Forbidden, BadInput for days that are not over, Refused where something is open below, or closed
    already.
    """
    actor.require(CLOSE, node.path)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [queries.LOCK])
    Node.objects.select_for_update().get(pk=node.pk)
    earlier = Closing.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        if (earlier.node_id, earlier.starts_on, earlier.ends_on) != (node.pk, period.start_on, period.end_on):
            raise Refused("这张表单已经用过了，请刷新页面再办。", "key-spent")
        return Closed(earlier, 0)
    _check(actor, node, period)
    below = queries.list_not_closed(node, period)
    if below and not with_below:
        names = "、".join(each.name for each in reversed(below[-SHOWN:]))
        raise Refused(
            f"下级还有 {len(below)} 个没有封账：{names}{'等' if len(below) > SHOWN else ''}。等它们封好，或者选“下级没封的一并封账”。",
            "below-open",
        )
    row = _row(actor, node, period)
    row.submit_key = submit_key or None
    try:
        with transaction.atomic():
            Closing.objects.bulk_create(_row(actor, each, period) for each in below)
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("刚刚有人给其中的工会封了账，请刷新看看，再封一次。", "closed-meanwhile") from error
    facts = [journal.BulkFact(each, f"{each.name}{period.title}由上级一并封账", _said(period)) for each in below]
    journal.record_bulk(actor, "periods.closing.closed", about=row, facts=facts)
    journal.record(
        actor,
        "periods.closing.closed",
        node=node,
        about=row,
        summary=f"{node.name}{period.title}封账",
        data={**_said(period), "below": len(below)},
    )
    return Closed(row, len(below))


def _said(period: Period) -> dict[str, str]:
    return {"starts_on": period.start_on.isoformat(), "ends_on": period.end_on.isoformat()}


def _check(actor: Actor, node: Node, period: Period) -> None:
    if node.level not in queries.CLOSING_LEVELS or not node.is_local:
        raise Refused("封账由市、县区、镇街总工会办；村社区和企业工会跟着上级封。", "no-federation")
    if period.end_on >= timezone.localdate(actor.at):
        sentence = "这段期间还没有过完，过完再封账。"
        raise BadInput(sentence, "period-runs", fields={"last": sentence})
    earlier = queries.find_own(node, period)
    if earlier is not None:
        title = Period(earlier.starts_on, earlier.ends_on).title
        raise Refused(f"{node.name}{title}已经封账，这段期间和它有重叠。", "closed-already")


def _row(actor: Actor, node: Node, period: Period) -> Closing:
    return Closing(
        node=node,
        starts_on=period.start_on,
        ends_on=period.end_on,
        closed_at=actor.at,
        closed_by=actor.name,
        closed_by_union=actor.node_name,
    )


@transaction.atomic
def reopen_period(actor: Actor, pk: int, *, reason: str) -> Closing:
    """Open a closed period again, from above, with the reason. What lies below stays closed where it closed itself.

    Raises NotFound, Forbidden for everybody who does not stand above, Refused without a reason, where it is open
    already, or where a federation above is closed too.
    """
    closing = queries.get_closing(actor, pk)
    row = Closing.objects.select_for_update(of=("self",)).select_related("node").get(pk=closing.pk)
    if not queries.may_reopen(actor, row):
        raise Forbidden("重新开账由上一级工会办。")
    if row.node.parent_id is None:
        require_strong(actor, "periods.reopen_root")
    if row.reopened_at is not None:
        raise Refused("已经重新开账了。", "open-already")
    if not reason.strip():
        raise Refused("请写明为什么重新开账。", "reason-missing", fields={"reason": "请写明原因。"})
    period = Period(row.starts_on, row.ends_on)
    above = queries.find_above(row.node, period)
    if above is not None:
        raise Refused(f"{above.node.name}这段期间也封账了，先给它重新开账。", "above-closed")
    row.reopened_at, row.reopened_by, row.reopened_by_union = actor.at, actor.name, actor.node_name
    row.reason = mask_numbers(reason.strip())[:200]
    row.save(update_fields=["reopened_at", "reopened_by", "reopened_by_union", "reason"])
    journal.record(
        actor,
        "periods.closing.reopened",
        node=row.node,
        about=row,
        summary=f"{row.node.name}{period.title}重新开账",
        data={**_said(period), "reason": row.reason},
    )
    return row

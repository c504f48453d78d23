"""What holds whenever a union gives something away or ends: mergers, splits and dissolutions ask and do it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from unionhome.core.organizations.actions.changes.standing import check_after_founding, lock_union
from unionhome.core.organizations.models import CoveredUnit, Officer, Organization
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.following import Belonging, list_own_matters
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import close_node
from unionhome.core.tree.models import Node


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act would do: to whom, and how many of what, union by union. Nothing has been written."""

    target: Organization
    sources: list[tuple[Organization, list[Belonging]]]


def lock_active(actor: Actor, node_id: int) -> Organization:
    """An active union that the actor decides about, locked. Raises NotFound, Forbidden, Refused."""
    union = lock_union(actor, node_id)
    get_reach(actor, union.node.path).check()
    if union.status != "active":
        raise Refused(f"{union.node.name}不在正常状态，不能合并、分立或撤销。", "not-active")
    return union


def check_reason(reason: str) -> None:
    """Raise BadInput without a reason."""
    if not reason.strip():
        sentence = "请写明原因：工会不能随意撤销、合并（工会法第十三条）。"
        raise BadInput(sentence, "no-reason", fields={"reason": sentence})


def check_own_matters(node: Node, *, but: str = "") -> None:
    """Nothing about the union itself is under way but `but` (a model). Raises Refused."""
    waiting = [item for item in list_own_matters(node) if item.model != but]
    if waiting:
        raise Refused(f"{node.name}还有没有办完的“{waiting[0].kind_label}”，请先办完或撤回。", "own-matter")


def check_belongings(node: Node, found: Sequence[Belonging]) -> None:
    """Everything that belongs to a union can go along as it stands. Raises Refused."""
    for each in found:
        if each.count and each.refusal:
            raise Refused(f"{node.name}：{each.refusal}", f"blocked-{each.key}")


def check_leaving_day(union: Organization, on: date) -> None:
    """A union ends after its founding, its last move, and the first day of whatever it holds. Raises BadInput at `on`."""
    check_after_founding(union.node, on)
    later = [
        *Officer.objects.filter(organization=union, ends_on=None, starts_on__gte=on).values_list(
            "starts_on", flat=True
        ),
        *CoveredUnit.objects.filter(node=union.pk, ends_on=None, starts_on__gt=on).values_list("starts_on", flat=True),
        *Node.objects.filter(parent=union.pk, closed_on=None, opened_on__gt=on).values_list("opened_on", flat=True),
    ]
    if later:
        sentence = f"{union.node.name}在 {max(later):%Y-%m-%d} 还有任职、覆盖单位或下级组织的记录，日期要在它之后。"
        raise BadInput(sentence, "before-events", fields={"on": sentence})


def end_officers(union: Organization, on: date) -> int:
    """End every post and committee of a union that comes to its end; how many posts. The caller has checked the day."""
    union.committees.filter(ends_on=None).update(ends_on=on)
    return union.officers.filter(ends_on=None).update(ends_on=on)


def close_union(actor: Actor, union: Organization, on: date) -> None:
    """Close the node and mark the union as ended. The caller has checked everything and journals it."""
    union.node = close_node(actor, union.node, on=on)
    union.status = "dissolved"
    union.save(update_fields=["status"])

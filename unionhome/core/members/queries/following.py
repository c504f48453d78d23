"""What of the register belongs to a union, for the room of unions to ask before it is merged, divided or dissolved."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from unionhome.core.members.models import Membership
from unionhome.core.members.rules.codes import STANDING, Status
from unionhome.core.organizations.queries import Belonging
from unionhome.core.tree.models import Node


def list_standing_members(node: Node, employer_ids: Collection[int] | None) -> QuerySet[Membership]:
    """Standing memberships of one union, of some employers only where they are named. The caller has scoped the union."""
    rows = Membership.objects.filter(node=node, status__in=STANDING)
    return rows if employer_ids is None else rows.filter(employer__in=employer_ids)


def list_belongings(node: Node, employer_ids: Collection[int] | None) -> list[Belonging]:
    """The members of a union, and those whose transfer is under way, who cannot go along."""
    counts = list_standing_members(node, employer_ids).aggregate(
        members=Count("pk"), moving=Count("pk", filter=Q(status=Status.TRANSFERRING))
    )
    moving = counts["moving"]
    found = [
        Belonging("members", "会员", counts["members"], "人", "会籍从这一天转过去，以前的经过留着", stays=True),
        Belonging(
            "moving",
            "转接中的会员",
            moving,
            "人",
            refusal=f"有 {moving} 人正在办会籍转接，请先办完或撤回。" if moving else "",
        ),
    ]
    if employer_ids is not None:
        unlinked = Membership.objects.filter(node=node, status__in=STANDING, employer=None).count()
        found.append(Belonging("unlinked", "没有登记单位的会员", unlinked, "人", "不知道属于哪家单位，留在原工会"))
    return found


def count_of_union(node: Node) -> tuple[int, int]:
    """Members of exactly one union, and the women among them."""
    rows = Membership.objects.filter(node=node, status__in=STANDING)
    sums = rows.aggregate(members=Count("pk"), women=Count("pk", filter=Q(person__sex="2")))
    return sums["members"], sums["women"]

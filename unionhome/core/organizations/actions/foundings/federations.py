"""Founding the federations of divisions: of a whole branch, or of one place that has none."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import Division, Employer, Organization, OrganizationChange
from unionhome.core.organizations.queries import find_union_of_division, get_reach_below
from unionhome.core.organizations.rules import LEVELS, form_of_level, union_name
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node
from unionhome.kit.codes import division_short

BEYOND = "由镇（街道）以上工会办理。"


MANAGE = "organizations.manage"


BATCH = 400


SOURCE_LOADED = "随行政区划建立"


@transaction.atomic
def found_division_unions(
    actor: Actor,
    root_code: str,
    *,
    only_counties: Collection[str] | None = None,
    deepest: str = "village",
    founded_on: date | None = None,
) -> int:
    """Found the federation of a division and of every division below it, down to level `deepest`; how many were new.

    Federations that stand already are left alone, so that a second call founds nothing. `root_code` is a 6, 9 or
    12-digit code; `only_counties` (6-digit codes) keeps towns and villages of other counties out. `founded_on`
    defaults to the day of the act. Raises BadInput for an unknown division or where the federation above the root
    does not stand yet, Forbidden for cadres without the right to found there.
    """
    root = Division.objects.filter(code=root_code.ljust(12, "0"), ended_year=None).first()
    if root is None:
        raise BadInput(f"没有这个行政区划：{root_code}", "unknown-division")
    on = founded_on or timezone.localdate(actor.at)
    check_day(actor, on, "founded_on")
    above = _node_above(root)
    actor.require("organizations.manage", above.path if above else "")
    divisions = _wanted(root, only_counties, deepest)
    news = _new_nodes(divisions, on)
    standing = _standing_codes(root)
    news = {code: new for code, new in news.items() if new.code not in standing}
    if not news:
        return 0
    nodes = {node.code: node for node in add_nodes(actor, news.values())}
    entry = record(
        actor,
        "organizations.unions.founded",
        node=nodes.get(division_short(root.code)) or above,
        summary=f"{root.name}建立各级地方工会 {len(nodes)} 个",
        data={"root": root.code, "count": len(nodes), "deepest": deepest},
    )
    by_code = {division.code: division for division in divisions}
    _add_organizations(actor, [(nodes[new.code], by_code[code]) for code, new in news.items()], on, entry.pk)
    below = Division.objects.filter(prefix__startswith=root.prefix).values_list("pk", flat=True)
    employers = Employer.objects.filter(division__prefix__startswith=root.prefix).values_list("pk", flat=True)
    settle_coverage(actor, places=list(below), employers=list(employers), on=on)
    return len(nodes)


def _node_above(root: Division) -> Node | None:
    if root.parent is None:
        return None
    node = Node.objects.filter(code=division_short(root.parent.code), is_local=True, closed_on=None).first()
    if node is None:
        raise BadInput(f"先建立{root.parent.name}的工会。", "unknown-parent")
    return node


def _wanted(root: Division, only_counties: Collection[str] | None, deepest: str) -> list[Division]:
    levels = LEVELS[: LEVELS.index(deepest) + 1]
    rows = Division.objects.filter(prefix__startswith=root.prefix, level__in=levels, ended_year=None)
    if only_counties is not None:
        inside = Q(level__in=("city", "county"))
        for code in only_counties:
            inside |= Q(prefix__startswith=code[:6])
        rows = rows.filter(inside)
    return list(rows.order_by("prefix"))


def _standing_codes(root: Division) -> set[str]:
    start = division_short(root.code) if root.level != "city" else root.prefix
    return set(Node.objects.filter(code__startswith=start, is_local=True).values_list("code", flat=True))


def _new_nodes(divisions: Iterable[Division], on: date) -> dict[str, NewNode]:
    names: dict[str, list[str]] = {}
    news = {}
    for division in divisions:
        above = names.get(division.parent_id or "", [])
        names[division.code] = [*above, division.name]
        news[division.code] = NewNode(
            code=division_short(division.code),
            name=union_name(division.name, division.level, above),
            level=division.level,
            parent_code=division_short(division.parent_id) if division.parent_id else "",
            opened_on=on,
            is_local=True,
        )
    return news


def _add_organizations(actor: Actor, pairs: list[tuple[Node, Division]], on: date, entry_id: int) -> None:
    source = {"founded_on": [SOURCE_LOADED, on.isoformat()]}
    Organization.objects.bulk_create(
        [
            Organization(
                node=node,
                form=form_of_level(division.level),
                division=division,
                founded_on=on,
                sources=source,
            )
            for node, division in pairs
        ],
        batch_size=BATCH,
    )
    OrganizationChange.objects.bulk_create(
        [
            OrganizationChange(
                node=node,
                kind="founded",
                on=on,
                new=node.name,
                entry_id=entry_id,
            )
            for node, _ in pairs
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def found_place_unions(actor: Actor, division_code: str, *, on: date) -> int:
    """Found the federation of a town or village, and of every village below it; how many were new.

    Raises BadInput for a day to come, Forbidden for village cadres, NotFound outside the actor's branches, Refused
    for a county or the city.
    """
    division = get_division(division_code, "place")
    node = find_union_of_division(division.code)
    if node is None or not actor.may(MANAGE, node.path):
        raise NotFound("这个地方不在您的范围。")
    _check_founds(actor, node)
    if division.level not in ("town", "village"):
        raise Refused("这里只建立镇（街道）和村（社区）的工会。", "bad-level")
    return found_division_unions(actor, division.code, founded_on=on)


def _check_founds(actor: Actor, node: Node) -> None:
    """Raise Forbidden unless the actor founds below this federation (工会法第十二条)."""
    if not get_reach_below(actor, node.path).manages:
        raise Forbidden(BEYOND)

"""Dissolving a union: proposed, its members placed, approved by the union above, reported one level higher."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.following import Following, follow
from unionhome.core.organizations.actions.changes.leaving import (
    check_belongings,
    check_leaving_day,
    check_own_matters,
    close_union,
    end_officers,
)
from unionhome.core.organizations.actions.changes.standing import lock_union, note_change
from unionhome.core.organizations.actions.days import check_day, check_open_day
from unionhome.core.organizations.actions.employers.covers import end_covers
from unionhome.core.organizations.models import Dissolution, Organization
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.endings import find_reporting_node, get_dissolution, get_ending_facts
from unionhome.core.organizations.queries.following import list_belongings
from unionhome.core.organizations.rules import CAUSES, FIXED, HOLDERS
from unionhome.core.organizations.workflow import DISSOLUTION
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers

MATTER = "organizations.dissolution"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Why a union is to be dissolved: its employer ended, or its members' assembly decided, on `decided_on`."""

    cause: str
    decided_on: date
    approval_no: str = ""
    reason: str = ""


@transaction.atomic
def propose_dissolution(actor: Actor, node_id: int, proposal: Proposal, *, submit_key: str = "") -> Dissolution:
    """Propose that a union be dissolved, by itself or by a union above. It stands until that is approved.

    Raises NotFound, Forbidden, BadInput at the field, Refused for a federation of a division or what is under way.
    """
    earlier = Dissolution.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        actor.require("organizations.manage", earlier.node.path)
        return earlier
    union = lock_union(actor, node_id)
    reach = get_reach(actor, union.node.path)
    if not reach.is_own:
        reach.check()
    _check_proposal(actor, union, proposal)
    row = Dissolution(
        node=union.node,
        state=DISSOLUTION.initial,
        cause=proposal.cause,
        decided_on=proposal.decided_on,
        approval_no=proposal.approval_no.strip(),
        reason=mask_numbers(proposal.reason.strip()),
        opened_at=actor.at,
        submit_key=submit_key or None,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("这个工会已经在办撤销。", "already-proposed") from error
    start(actor, DISSOLUTION, row, _item_of(row))
    return row


def _check_proposal(actor: Actor, union: Organization, proposal: Proposal) -> None:
    if union.node.is_local or union.node.parent is None:
        raise Refused(FIXED, "local-fixed")
    if union.status != "active":
        raise Refused("工会不在正常状态，不能撤销。", "not-active")
    if proposal.cause not in dict(CAUSES):
        sentence = "请选撤销原因：单位终止，或者会员（代表）大会决定。"
        raise BadInput(sentence, "bad-cause", fields={"cause": sentence})
    check_day(actor, proposal.decided_on, "decided_on")
    if proposal.decided_on < union.node.opened_on:
        sentence = f"日期不能早于成立的那天（{union.node.opened_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-founding", fields={"decided_on": sentence})
    check_own_matters(union.node)


def _item_of(row: Dissolution) -> ItemFacts:
    """What the inbox shows: the union above decides, the one above that files the report."""
    node = find_reporting_node(row.node) if row.state == "dissolved" else row.node.parent
    return ItemFacts(
        node=node or row.node,
        title=f"撤销{row.node.name}"[:120],
        url=reverse("organizations:dissolution", args=[row.pk]),
        kind_label="撤销工会",
        icon="circle-x",
    )


def _lock(actor: Actor, dissolution_id: int) -> Dissolution:
    row = get_dissolution(actor, dissolution_id)
    Dissolution.objects.select_for_update().get(pk=row.pk)
    return get_dissolution(actor, dissolution_id)


@dataclass(frozen=True, slots=True)
class Placing:
    """To which union (code) the members go from `on`; `keeps` where they keep their membership without a post."""

    keeper_code: str
    on: date
    keeps: bool = False


@transaction.atomic
def place_members(actor: Actor, dissolution_id: int, placing: Placing, *, submit_key: str = "") -> Dissolution:
    """Give the members and the open matters of a union on its way out to another, or let that one keep them retained.

    Raises BadInput at `keeper` or `on`, Refused where something cannot go along, Forbidden beyond the actor's reach.
    """
    row = _lock(actor, dissolution_id)
    before = row.state
    if before == "placed" and submit_key:
        move(actor, DISSOLUTION, row, "place", item=_item_of(row), submit_key=submit_key)
        return row
    union = lock_union(actor, row.node_id)
    facts = get_ending_facts(actor, row)
    if not facts["decides"]:
        raise Refused("由上一级工会办理。", "not-above")
    check_open_day(actor, placing.on, "on")
    if placing.on < row.decided_on:
        sentence = f"日期不能早于决定撤销的那天（{row.decided_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-decision", fields={"on": sentence})
    keeper = _get_keeper(actor, union, placing.keeper_code)
    check_belongings(union.node, list_belongings(union.node))
    row.state = "placed"
    item = _item_of(row)
    row.state = before
    move(
        actor,
        DISSOLUTION,
        row,
        "place",
        item=item,
        facts=facts,
        submit_key=submit_key,
        said=f"会员{'保留会籍，由' if placing.keeps else '转到'}{keeper.name}{'保管' if placing.keeps else ''}",
    )
    counts = follow(actor, Following(union.node, keeper, placing.on, f"{union.node.name}撤销", keeps=placing.keeps))
    row.keeper, row.is_retained, row.placed_on = keeper, placing.keeps, placing.on
    row.members_count = counts.get("members", 0)
    row.save(update_fields=["keeper", "is_retained", "placed_on", "members_count"])
    return row


def _get_keeper(actor: Actor, union: Organization, code: str) -> Node:
    found = Organization.objects.select_related("node").filter(node__code=code.strip()).first()
    sentence = ""
    if found is None or not actor.may("organizations.view", found.node.path):
        sentence = f"找不到工会：{code or '未选择'}"
    elif found.status != "active":
        sentence = "接手的工会不在正常状态，请换一个。"
    elif found.node.path.startswith(union.node.path):
        sentence = "不能转给要撤销的工会自己或它的下级。"
    elif found.node.level not in HOLDERS and found.pk != union.node.parent_id:
        sentence = "请转到基层工会、村（社区）工会，或者它的上一级工会。"
    if sentence or found is None:
        raise BadInput(sentence, "bad-keeper", fields={"keeper": sentence})
    return found.node


@transaction.atomic
def approve_dissolution(actor: Actor, dissolution_id: int, *, on: date, submit_key: str = "") -> Dissolution:
    """Dissolve the union: its node closes, posts and covers end, the report goes one level higher.

    Raises Refused while members, sub-unions or open matters are left, BadInput at `on`, Forbidden beyond the reach.
    """
    row = _lock(actor, dissolution_id)
    if row.state not in ("dissolved", "filed"):
        union = lock_union(actor, row.node_id)
        check_open_day(actor, on, "on")
        _check_end(union, row, on)
        check_own_matters(union.node, but=MATTER)
    facts = get_ending_facts(actor, row)
    state, row.state = row.state, "dissolved"
    item = _item_of(row)
    row.state = state
    move(actor, DISSOLUTION, row, "dissolve", item=item, facts=facts, submit_key=submit_key)
    if row.ended_on is None:
        _end(actor, union, row, on)
    return row


def _check_end(union: Organization, row: Dissolution, on: date) -> None:
    first = max(filter(None, (row.decided_on, row.placed_on)))
    if on < first:
        sentence = f"撤销日期不能早于 {first:%Y-%m-%d}（决定撤销、安置会员的那天）。"
        raise BadInput(sentence, "before-decision", fields={"on": sentence})
    check_leaving_day(union, on)


def _end(actor: Actor, union: Organization, row: Dissolution, on: date) -> None:
    employers = end_covers(actor, union.node, on=on)
    officers = end_officers(union, on)
    close_union(actor, union, on)
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    cause = row.get_cause_display()
    data = {
        "cause": cause,
        "on": on.isoformat(),
        "approval_no": row.approval_no,
        "employers": len(employers),
        "officers": officers,
        "members": row.members_count or 0,
    }
    summary = f"撤销{union.node.name}：{cause}"
    entry = record(actor, "organizations.union.dissolved", node=union.node, about=union, summary=summary, data=data)
    reason = "，".join(filter(None, (cause, row.approval_no, row.reason)))
    keeper = row.keeper.name if row.keeper else ""
    note_change(union.node, "dissolved", on, union.node.name, keeper, reason, entry.pk, other=row.keeper)


@transaction.atomic
def file_dissolution(actor: Actor, dissolution_id: int, *, submit_key: str = "") -> Dissolution:
    """The union above the one that approved takes note of the report. Raises Forbidden, Refused."""
    row = _lock(actor, dissolution_id)
    facts = get_ending_facts(actor, row)
    move(actor, DISSOLUTION, row, "file", item=_item_of(row), facts=facts, submit_key=submit_key)
    return row


@transaction.atomic
def cancel_dissolution(actor: Actor, dissolution_id: int, *, reason: str, submit_key: str = "") -> Dissolution:
    """Let the union stand. Members who were placed stay where they are. Raises Refused without a reason."""
    row = _lock(actor, dissolution_id)
    facts = get_ending_facts(actor, row)
    move(actor, DISSOLUTION, row, "cancel", item=_item_of(row), facts=facts, reason=reason, submit_key=submit_key)
    return row

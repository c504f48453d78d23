"""Giving roles on branches, and taking them back."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from unionhome.core.access.models import RoleGrant, User
from unionhome.core.access.rules import excluded_by, overlaps, role_labels
from unionhome.core.journal.actions import record
from unionhome.core.registry import ROLES, Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node


@transaction.atomic
def grant_role(
    actor: Actor,
    user: User,
    role: str,
    node: Node,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
    submit_key: str = "",
) -> RoleGrant:
    """Give an account a role on a branch, from `starts_on` (today) until the day before `ends_on` (open).

    A repeat, by `submit_key` or of a grant that stands open, returns the earlier row. Raises Forbidden outside the
    actor's branch or for oneself, BadInput for unknown roles and days, Refused where roles exclude each other.
    """
    actor.require("access.grant", node.path)
    if user.pk == actor.user_id:
        raise Forbidden("不能给自己授权，请由另一位安全管理员办理。")
    if role not in ROLES:
        raise BadInput("没有这个岗位。", "unknown-role", fields={"role": "没有这个岗位。"})
    starts_on = starts_on or timezone.localdate(actor.at)
    if ends_on is not None and ends_on <= starts_on:
        sentence = "结束日期要晚于开始日期。"
        raise BadInput(sentence, "bad-days", fields={"ends_on": sentence})
    User.objects.select_for_update().get(pk=user.pk)
    earlier = _find_earlier(user, role, node, submit_key)
    if earlier is not None:
        return earlier
    _refuse_excluded(user, role, starts_on, ends_on)
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        node=node,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=actor.user_id,
        reason=reason.strip()[:200],
        submit_key=submit_key or None,
    )
    record(
        actor,
        "access.role.granted",
        node=node,
        about=user,
        summary=f"授予{user.name}“{ROLES[role].label}”，范围{node.name}",
        data={"role": role, "node": node.pk, "starts_on": str(starts_on), "ends_on": str(ends_on or "")},
    )
    return grant


def _find_earlier(user: User, role: str, node: Node, submit_key: str) -> RoleGrant | None:
    rows = RoleGrant.objects.filter(user=user)
    same = rows.filter(submit_key=submit_key).first() if submit_key else None
    return same or rows.filter(role=role, node=node, ends_on__isnull=True).first()


def _refuse_excluded(user: User, role: str, starts_on: date, ends_on: date | None) -> None:
    held = {
        row.role
        for row in RoleGrant.objects.filter(user=user)
        if overlaps(starts_on, ends_on, row.starts_on, row.ends_on)
    }
    other = excluded_by(role, held)
    if other is not None:
        labels = role_labels([role, other])
        raise Refused(f"{labels}不能由同一个人兼任，请先收回原来的授权。", "excluded")


@transaction.atomic
def end_grant(actor: Actor, grant_id: int, *, on: date | None = None, reason: str = "") -> RoleGrant:
    """Take a role back from a day on (today). Ending it again changes nothing.

    Raises NotFound for an unknown grant, Forbidden outside the actor's branch or for one's own.
    """
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("node", "user").filter(pk=grant_id).first()
    if grant is None or not actor.may("access.grant", grant.node.path):
        raise NotFound()
    if grant.user_id == actor.user_id:
        raise Forbidden("不能收回自己的授权，请由另一位安全管理员办理。")
    day = max(on or timezone.localdate(actor.at), grant.starts_on)
    if grant.ends_on is not None and grant.ends_on <= day:
        return grant
    grant.ends_on = day
    grant.save(update_fields=["ends_on"])
    record(
        actor,
        "access.grant.ended",
        node=grant.node,
        about=grant.user,
        summary=f"收回{grant.user.name}的“{ROLES[grant.role].label}”，范围{grant.node.name}",
        data={"role": grant.role, "node": grant.node_id, "ends_on": str(day), "reason": reason[:200]},
    )
    return grant

"""Who holds a post of a union, from when to when."""

from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import lock_union
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.models import Officer, Organization
from unionhome.core.organizations.queries import get_reach, list_posts_of
from unionhome.core.organizations.queries.committees import get_officer
from unionhome.core.organizations.rules import seat_clash
from unionhome.core.registry import Actor, BadInput, Refused


@transaction.atomic
def appoint_officer(
    actor: Actor,
    organization: Organization,
    *,
    name: str,
    post: str,
    starts_on: date,
    committee: str = "union",
    ends_on: date | None = None,
) -> Officer:
    """Note who holds a post from a day on. A chair follows the chair before, whose post ends that day.

    Raises BadInput where the days do not lie forward, Forbidden beyond the actor's reach.
    """
    actor.require("organizations.manage", organization.node.path)
    get_reach(actor, organization.node.path).check()
    if organization.status == "dissolved":
        raise Refused("已撤销的工会不能再任职。", "dissolved")
    if ends_on is not None and ends_on <= starts_on:
        sentence = "任职止应晚于任职起。"
        raise BadInput(sentence, "bad-days", fields={"ends_on": sentence})
    return add_officer(actor, organization, name, post, committee, starts_on, ends_on)


def add_officer(
    actor: Actor,
    organization: Organization,
    name: str,
    post: str,
    committee: str,
    starts_on: date,
    ends_on: date | None,
) -> Officer:
    """Write the post. The caller has checked that the actor may. Raises BadInput at `name` or `starts_on`."""
    name, post = name.strip(), post.strip()
    if not name or not post:
        sentence = "请填写姓名和职务。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    clash = seat_clash(post, committee, list_posts_of(organization, name, starts_on))
    if clash:
        raise BadInput(clash, "seat-clash", fields={"name": clash})
    if post == "主席":
        before = organization.officers.filter(post=post, committee=committee, ends_on=None)
        if before.filter(starts_on__gte=starts_on).exists():
            sentence = "新主席的任职起应晚于现任主席。"
            raise BadInput(sentence, "bad-days", fields={"starts_on": sentence})
        before.update(ends_on=starts_on)
    officer = Officer.objects.create(
        organization=organization,
        name=name,
        post=post,
        committee=committee,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(
        actor,
        "organizations.officer.appointed",
        node=organization.node,
        about=officer,
        summary=f"{organization.node.name}{officer.get_committee_display()}{post}任职",
        data={"post": post, "committee": committee, "from": starts_on.isoformat()},
    )
    return officer


@transaction.atomic
def end_officer(actor: Actor, officer_id: int, *, on: date) -> Officer:
    """End a post: `on` is the first day on which it no longer holds; it stays among the former ones.

    Raises BadInput at `on`, Refused for a post that has ended, NotFound, Forbidden beyond the actor's reach.
    """
    officer = get_officer(actor, officer_id)
    union = lock_union(actor, officer.organization_id)
    get_reach(actor, union.node.path).check()
    check_day(actor, on, "on")
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if officer.ends_on == on:
        return officer
    if officer.ends_on is not None:
        raise Refused("这个职务已经卸任，请刷新看看。", "ended")
    if on <= officer.starts_on:
        sentence = f"卸任日期应晚于任职起（{officer.starts_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "bad-days", fields={"on": sentence})
    officer.ends_on = on
    officer.save(update_fields=["ends_on"])
    record(
        actor,
        "organizations.officer.ended",
        node=union.node,
        about=officer,
        summary=f"{union.node.name}{officer.get_committee_display()}{officer.post}卸任",
        data={"post": officer.post, "committee": officer.committee, "on": on.isoformat()},
    )
    return officer

"""Which union organises an employer, from when to when."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers.register import EmployerFacts, register_employer
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import CoveredUnit, Employer
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.employers import get_cover
from unionhome.core.organizations.rules import COVERING
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node


@transaction.atomic
def cover_employer(actor: Actor, node: Node, facts: EmployerFacts, *, on: date) -> CoveredUnit:
    """Note that the union organises an employer from a day on; an employer it covers already stays as it is.

    Raises Refused where another union organises the employer, Forbidden beyond the actor's reach.
    """
    actor.require("organizations.manage", node.path)
    get_reach(actor, node.path).check()
    check_day(actor, on, "on")
    if on < node.opened_on:
        sentence = f"不能早于工会成立的那天（{node.opened_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-founding", fields={"on": sentence})
    if node.organization.form not in COVERING:
        raise Refused("独立基层工会只管本单位，几家单位的请建联合基层工会。", "single-employer")
    return add_cover(actor, node, register_employer(actor, facts), on)


def add_cover(actor: Actor, node: Node, employer: Employer, on: date) -> CoveredUnit:
    """Write the cover and the pointer on the employer. The caller has checked that the actor may."""
    Employer.objects.select_for_update().get(pk=employer.pk)
    open_cover = CoveredUnit.objects.filter(employer=employer, ends_on=None).select_related("node").first()
    if open_cover is not None:
        if open_cover.node_id == node.pk:
            return open_cover
        sentence = f"“{employer.name}”已由{open_cover.node.name}组建工会。"
        raise Refused(sentence, "already-covered", fields={"employer_name": sentence})
    cover = CoveredUnit.objects.create(node=node, employer=employer, starts_on=on)
    employer.union = node
    employer.save(update_fields=["union"])
    record(
        actor,
        "organizations.employer.covered",
        node=node,
        about=employer,
        summary=f"{node.name}覆盖单位：{employer.name}",
        data={"on": on.isoformat(), "employer": employer.pk},
    )
    settle_coverage(actor, employers=[employer.pk], on=on)
    return cover


def end_covers(actor: Actor, node: Node, *, on: date, employer_ids: Collection[int] | None = None) -> list[Employer]:
    """End what a union covers, or some of it, on a day; the employers. The caller has checked that the actor may."""
    covers = CoveredUnit.objects.filter(node=node, ends_on=None)
    if employer_ids is not None:
        covers = covers.filter(employer__in=employer_ids)
    employers = list(Employer.objects.filter(pk__in=covers.values("employer")).order_by("pk"))
    covers.update(ends_on=on)
    Employer.objects.filter(pk__in=[employer.pk for employer in employers]).update(union=None)
    settle_coverage(actor, employers=[employer.pk for employer in employers], on=on)
    return employers


@transaction.atomic
def end_cover(actor: Actor, cover_id: int, *, on: date, reason: str) -> CoveredUnit:
    """Note that a union no longer organises an employer from a day on. The cover stays as history.

    Raises BadInput at `on` or `reason`, Refused for the own employer of a single-employer union, NotFound, Forbidden.
    """
    cover = get_cover(actor, cover_id)
    actor.require("organizations.manage", cover.node.path)
    get_reach(actor, cover.node.path).check()
    cover = CoveredUnit.objects.select_for_update(of=("self",)).select_related("node__organization", "employer").get(
        pk=cover.pk
    )  # fmt: skip
    if cover.ends_on is not None:
        if cover.ends_on == on:
            return cover
        raise Refused("已经不再覆盖这家单位，请刷新看看。", "ended")
    check_day(actor, on, "on")
    _check_end(cover, on, reason)
    end_covers(actor, cover.node, on=on, employer_ids=[cover.employer_id])
    cover.ends_on = on
    record(
        actor,
        "organizations.employer.released",
        node=cover.node,
        about=cover.employer,
        summary=f"{cover.node.name}不再覆盖单位：{cover.employer.name}",
        data={"on": on.isoformat(), "employer": cover.employer_id, "reason": reason},
    )
    return cover


def _check_end(cover: CoveredUnit, on: date, reason: str) -> None:
    if cover.node.organization.form == "single":
        raise Refused("独立基层工会只有这一家单位；单位不在了，请办合并或撤销。", "own-employer")
    if not reason.strip():
        sentence = "请写明原因，例如单位搬走、单独建会。"
        raise BadInput(sentence, "no-reason", fields={"reason": sentence})
    if on < cover.starts_on:
        sentence = f"不能早于覆盖的那天（{cover.starts_on:%Y-%m-%d}）。"
        raise BadInput(sentence, "before-cover", fields={"on": sentence})

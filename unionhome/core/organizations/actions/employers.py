"""Employers and which union organises them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.coverage import settle_coverage
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.models import CoveredUnit, Division, Employer
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.rules import COVERING, check_counts, check_employer_prefix
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.codes import CodeError, parse_uscc


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """What is known of an employer. `division_code` has 12 digits; codes are those of the room's rules."""

    name: str
    division_code: str
    uscc: str = ""
    nature: str = ""
    industry: str = ""
    size: str = ""
    workers_count: int | None = None
    women_count: int | None = None
    party_organization: str = ""


@transaction.atomic
def register_employer(actor: Actor, facts: EmployerFacts) -> Employer:
    """The employer of these facts: the one already known by its code (or name and place), or a new one.

    Raises BadInput, at the fields `employer_…`, for a wrong code, an unknown division or a code that is registered
    under another name.
    """
    uscc = clean_uscc(facts.uscc, "employer_uscc")
    check_employer_prefix(uscc)
    check_counts(facts.workers_count, facts.women_count)
    name = facts.name.strip()
    if not name:
        sentence = "请填写单位名称。"
        raise BadInput(sentence, "no-name", fields={"employer_name": sentence})
    division = get_division(facts.division_code, "division_code")
    known = _find_known(name, uscc, division)
    if known is not None:
        return known
    employer = Employer.objects.create(
        name=name,
        uscc=uscc,
        nature=facts.nature,
        industry=facts.industry,
        division=division,
        size=facts.size,
        workers_count=facts.workers_count,
        women_count=facts.women_count,
        party_organization=facts.party_organization,
        created_at=actor.at,
    )
    record(
        actor,
        "organizations.employer.registered",
        about=employer,
        summary=f"登记单位：{name}",
        data={"uscc": uscc, "division": division.code},
    )
    settle_coverage(actor, employers=[employer.pk])
    return employer


def _find_known(name: str, uscc: str, division: Division) -> Employer | None:
    if not uscc:
        return Employer.objects.filter(name=name, division=division).first()
    known = Employer.objects.filter(uscc=uscc).first()
    if known is not None and known.name != name:
        sentence = f"这个代码已登记为“{known.name}”，请核对名称或代码。"
        raise BadInput(sentence, "uscc-taken", fields={"employer_uscc": sentence})
    return known


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


def clean_uscc(text: str, field: str) -> str:
    """The unified social credit code in capitals, both check digits tested; empty stays empty. Raises BadInput."""
    if not text.strip():
        return ""
    try:
        return parse_uscc(text)
    except CodeError as error:
        raise BadInput(error.sentence, "bad-uscc", fields={field: error.sentence}) from error


def get_division(code: str, field: str) -> Division:
    """The standing division of a 12-digit code (shorter ones are filled up). Raises BadInput at `field`."""
    division = Division.objects.filter(code=code.ljust(12, "0"), ended_year=None).first()
    if division is None:
        sentence = f"没有这个行政区划：{code or '未选择'}"
        raise BadInput(sentence, "unknown-division", fields={field: sentence})
    return division

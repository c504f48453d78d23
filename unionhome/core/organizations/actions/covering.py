"""Employers entered and changed at the desk, and from when to when a union organises them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.coverage import settle_coverage
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.employers import EmployerFacts, clean_uscc, get_division, register_employer
from unionhome.core.organizations.models import CoveredUnit, Employer
from unionhome.core.organizations.queries import get_reach
from unionhome.core.organizations.queries.employers import get_cover, get_employer, may_keep
from unionhome.core.organizations.rules import check_counts, check_employer_prefix
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused

CHANGEABLE = (
    "name", "uscc", "nature", "industry", "division_id", "size", "workers_count", "women_count", "party_organization",
)  # fmt: skip


@transaction.atomic
def enter_employer(actor: Actor, facts: EmployerFacts) -> Employer:
    """Enter an employer of the actor's own area; one that is known already is returned as it is.

    Raises BadInput at the fields `employer_…` and `division_code`, Forbidden outside the area.
    """
    actor.require("organizations.manage")
    division = get_division(facts.division_code, "division_code")
    if not may_keep(actor, division.prefix, None):
        raise Forbidden("只能登记本地的单位，这里由当地工会登记。")
    return register_employer(actor, facts)


@transaction.atomic
def change_employer(actor: Actor, employer_id: int, facts: EmployerFacts) -> Employer:
    """Change what is known of an employer. What stays the same leaves no trace.

    Raises BadInput at the field, NotFound, Forbidden where neither the area nor its union is the actor's.
    """
    employer = Employer.objects.select_for_update(of=("self",)).get(pk=get_employer(actor, employer_id).pk)
    values = _clean(actor, employer, facts)
    changed = {name: value for name, value in values.items() if getattr(employer, name) != value}
    if not changed:
        return employer
    old = {name: str(getattr(employer, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(employer, name, value)
    employer.save(update_fields=list(changed))
    settle_coverage(actor, employers=[employer.pk])
    record(
        actor,
        "organizations.employer.changed",
        node=employer.union,
        about=employer,
        summary=f"单位资料变更：{employer.name}",
        data={"old": old, "new": {name: str(value or "") for name, value in changed.items()}},
    )
    return employer


def _clean(actor: Actor, employer: Employer, facts: EmployerFacts) -> Mapping[str, Any]:
    path = employer.union.path if employer.union else None
    if not may_keep(actor, employer.division.prefix, path):
        raise Forbidden("这家单位由当地工会或它的上级工会登记。")
    uscc = clean_uscc(facts.uscc, "employer_uscc")
    check_employer_prefix(uscc)
    check_counts(facts.workers_count, facts.women_count)
    name = facts.name.strip()
    if not name:
        sentence = "请填写单位名称。"
        raise BadInput(sentence, "no-name", fields={"employer_name": sentence})
    holder = Employer.objects.filter(uscc=uscc).exclude(pk=employer.pk).first() if uscc else None
    if holder is not None:
        sentence = f"这个代码已登记为“{holder.name}”，请核对。"
        raise BadInput(sentence, "uscc-taken", fields={"employer_uscc": sentence})
    division = get_division(facts.division_code, "division_code")
    if division.pk != employer.division_id and not may_keep(actor, division.prefix, path):
        sentence = "这个地方不在您的范围，请当地工会或它的上级工会来改。"
        raise BadInput(sentence, "place-beyond", fields={"division_code": sentence})
    return {
        **{each: getattr(facts, each) for each in CHANGEABLE if hasattr(facts, each)},
        "name": name,
        "uscc": uscc,
        "division_id": division.pk,
        "party_organization": facts.party_organization.strip(),
    }


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
    cover.ends_on = on
    cover.save(update_fields=["ends_on"])
    Employer.objects.filter(pk=cover.employer_id, union=cover.node).update(union=None)
    record(
        actor,
        "organizations.employer.released",
        node=cover.node,
        about=cover.employer,
        summary=f"{cover.node.name}不再覆盖单位：{cover.employer.name}",
        data={"on": on.isoformat(), "employer": cover.employer_id, "reason": reason},
    )
    settle_coverage(actor, employers=[cover.employer_id], on=on)
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

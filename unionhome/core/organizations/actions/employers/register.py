"""Employers entered and changed: at the desk, with a union, by a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.organizations.queries.employers import get_employer, may_keep
from unionhome.core.organizations.rules import check_counts, check_employer_prefix
from unionhome.core.registry import Actor, BadInput, Forbidden
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


def clean_uscc(text: str, field: str) -> str:
    """The unified social credit code in capitals, both check digits tested; empty stays empty. Raises BadInput."""
    if not text.strip():
        return ""
    try:
        return parse_uscc(text)
    except CodeError as error:
        raise BadInput(error.sentence, "bad-uscc", fields={field: error.sentence}) from error


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

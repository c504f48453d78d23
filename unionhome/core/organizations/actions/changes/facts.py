"""What is written of a standing union: dated, stamped with its source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.standing import lock_union, note_change
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.foundings.enter import clean_own_uscc, term_end
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.queries import get_fact_label, get_reach
from unionhome.core.organizations.rules import FACTS, check_certificate, check_counts, check_term
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import correct_opening


@transaction.atomic
def change_facts(
    actor: Actor,
    node_id: int,
    *,
    facts: Mapping[str, Any],
    source: str,
    on: date,
    reason: str = "",
) -> Organization:
    """Change facts (names in `rules.FACTS`), each stamped with its source and day. What did not change is not stamped.

    A union changes its own contact facts and reported numbers; the rest is the next higher union's. Raises BadInput
    at the field, Forbidden with the reason beyond the actor's reach, NotFound outside the actor's branches.
    """
    unknown = set(facts) - FACTS
    if unknown:
        raise ValueError(f"no facts of a union: {sorted(unknown)}")
    organization = lock_union(actor, node_id)
    check_day(actor, on, "on")
    changed = {name: value for name, value in facts.items() if getattr(organization, name) != value}
    if not changed:
        return organization
    get_reach(actor, organization.node.path).check(changed)
    old = {name: _text(getattr(organization, name)) for name in changed}
    for name, value in changed.items():
        setattr(organization, name, value)
    _check(actor, organization, changed)
    organization.sources = {
        **organization.sources,
        **{name: [source, on.isoformat()] for name in changed},
    }
    organization.save()
    new = {name: _text(getattr(organization, name)) for name in changed}
    labels = [get_fact_label(name) for name in changed]
    entry = record(
        actor,
        "organizations.union.changed",
        node=organization.node,
        about=organization,
        summary=f"{organization.node.name}资料变更：{'、'.join(labels)}"[:300],
        data={"old": old, "new": new, "source": source, "on": on.isoformat()},
    )
    note_change(organization.node, "changed", on, _line(old), _line(new, "清空"), reason, entry.pk)
    return organization


def _check(actor: Actor, organization: Organization, changed: Mapping[str, Any]) -> None:
    if "founded_on" in changed:
        _correct_founding(actor, organization)
    if "uscc" in changed:
        organization.uscc = clean_own_uscc(organization.uscc, except_pk=organization.pk)
    if changed.keys() & {"term_starts_on", "term_years"} and "term_ends_on" not in changed:
        organization.term_ends_on = term_end(organization.term_starts_on, None, organization.term_years)
    check_term(organization.term_starts_on, organization.term_ends_on, organization.term_years)
    check_certificate(organization.legal_issued_on, organization.legal_ends_on)
    check_counts(organization.workers_count, organization.women_count)


def _correct_founding(actor: Actor, organization: Organization) -> None:
    """The founding day decides from when the union counts: the tree follows it."""
    on = organization.founded_on
    if on is None:
        sentence = "建会日期不能清空，请填正确的日期。"
        raise BadInput(sentence, "no-founding", fields={"founded_on": sentence})
    check_day(actor, on, "founded_on")
    try:
        organization.node = correct_opening(actor, organization.node, on=on)
    except BadInput as refusal:
        raise BadInput(refusal.sentence, refusal.code, fields={"founded_on": refusal.sentence}) from refusal


def _text(value: Any) -> str:
    return "" if value is None else str(value)


UNITS = {"term_years": " 年", "workers_count": " 人", "women_count": " 人", "members_count": " 人"}


def _line(values: Mapping[str, str], empty: str = "") -> str:
    """Facts in words; those without a value as `empty`, or left out."""
    shown = {name: f"{value}{UNITS.get(name, '')}" if value else empty for name, value in values.items()}
    return "；".join(f"{get_fact_label(name)} {text}" for name, text in shown.items() if text)

"""Entering one union that was founded on paper under a standing one, with its employer and its chair."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.divisions import get_division
from unionhome.core.organizations.actions.employers.covers import add_cover
from unionhome.core.organizations.actions.employers.register import EmployerFacts, clean_uscc, register_employer
from unionhome.core.organizations.actions.terms.officers import add_officer
from unionhome.core.organizations.models import Employer, Organization, OrganizationChange
from unionhome.core.organizations.queries import get_reach_below
from unionhome.core.organizations.rules import (
    FOUNDABLE_FORMS,
    LETTERS,
    check_counts,
    check_own_prefix,
    check_parent,
    check_term,
    level_of_form,
)
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import NewNode, add_node
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import list_ancestors
from unionhome.kit.dates import years_before

SOURCE_FOUNDED = "建会批复"


@dataclass(frozen=True, slots=True)
class UnionFacts:
    """What a new union needs.

    `form` is one of single, joint, federation, committee, branch, group; `division_code` has 12 digits;
    `term_ends_on` is the term's last day and follows from `term_starts_on` and `term_years` where left out;
    `approved_by` defaults to the parent's name; `uscc` is the union's own code.
    """

    name: str
    form: str
    division_code: str
    founded_on: date
    short_name: str = ""
    approved_by: str = ""
    approval_no: str = ""
    uscc: str = ""
    term_no: int | None = None
    term_years: int | None = None
    term_starts_on: date | None = None
    term_ends_on: date | None = None
    workers_count: int | None = None
    women_count: int | None = None
    members_count: int | None = None
    address: str = ""
    phone: str = ""


@transaction.atomic
def found_union(
    actor: Actor,
    *,
    parent_code: str,
    facts: UnionFacts,
    employer: EmployerFacts | None = None,
    chair_name: str = "",
    submit_key: str = "",
) -> Organization:
    """Enter a union that was founded under `parent_code` (工会法第十二条: the next higher union approves).

    A repeat with the same `submit_key` returns the union of the first time. Raises BadInput at the field for a
    wrong code, an unknown division, a term that does not lie forward or a parent that cannot hold this form; Refused
    where the employer is organised already; Forbidden for village and employers' cadres.
    """
    parent = lock_parent(parent_code)  # before looking for an earlier send: the same form may be arriving twice now
    if submit_key:
        earlier = Organization.objects.filter(submit_key=submit_key).first()
        if earlier is not None:
            actor.require("organizations.manage", earlier.node.path)
            return earlier
    actor.require("organizations.manage", parent.node.path)
    get_reach_below(actor, parent.node.path).check()
    values = clean_union(actor, parent, facts, employer)
    node = add_node(
        actor,
        NewNode(
            code=next_code(parent.node, facts.form),
            name=values.pop("name"),
            level=level_of_form(facts.form),
            parent_code=parent_code,
            opened_on=facts.founded_on,
        ),
    )
    registered = register_employer(actor, employer) if employer else None
    return _write(actor, node, values, registered, chair_name, submit_key)


def lock_parent(code: str) -> Organization:
    """The union above, held until the transaction ends. Raises BadInput at field `parent`."""
    parent = Organization.objects.select_for_update(of=("self",)).select_related("node").filter(node__code=code).first()
    if parent is None:
        sentence = f"找不到上级工会：{code or '未选择'}"
        raise BadInput(sentence, "unknown-parent", fields={"parent": sentence})
    return parent


def clean_union(
    actor: Actor,
    parent: Organization,
    facts: UnionFacts,
    employer: EmployerFacts | Employer | None,
) -> dict[str, Any]:
    """The organisation's columns, checked."""
    if facts.form not in FOUNDABLE_FORMS:
        sentence = "地方工会随行政区划建立，这里只建基层工会。"
        raise BadInput(sentence, "bad-form", fields={"form": sentence})
    if facts.form == "single" and employer is None:
        sentence = "独立基层工会要写明所在单位。"
        raise BadInput(sentence, "no-employer", fields={"employer_name": sentence})
    check_parent(facts.form, parent.node.level, parent.status)
    values = asdict(facts)
    values["name"] = values["name"].strip()
    if not values["name"]:
        sentence = "请填写工会名称。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    check_name(values["name"], parent.node)
    check_day(actor, facts.founded_on, "founded_on")
    if facts.founded_on < parent.node.opened_on:
        sentence = f"上级工会 {parent.node.opened_on:%Y-%m-%d} 才成立，下级不能早于它。"
        raise BadInput(sentence, "before-parent", fields={"founded_on": sentence})
    values["uscc"] = clean_own_uscc(facts.uscc)
    values["term_ends_on"] = term_end(facts.term_starts_on, facts.term_ends_on, facts.term_years)
    check_term(facts.term_starts_on, values["term_ends_on"], facts.term_years)
    check_counts(facts.workers_count, facts.women_count)
    values["division"] = get_division(values.pop("division_code"), "division_code")
    values["approved_by"] = values["approved_by"] or parent.node.name
    return values


def check_name(name: str, parent: Node, *, except_pk: int | None = None) -> None:
    """No two open unions under one parent bear one name. Raises BadInput at field `name`."""
    twins = Node.objects.filter(parent=parent, name=name, closed_on=None)
    if any(pk != except_pk for pk in twins.values_list("pk", flat=True)):
        sentence = f"{parent.name}下面已有“{name}”。"
        raise BadInput(sentence, "name-taken", fields={"name": sentence})


def clean_own_uscc(text: str, *, except_pk: int | None = None) -> str:
    """The union's own code, tested and free. Raises BadInput at field `uscc`."""
    uscc = clean_uscc(text, "uscc")
    check_own_prefix(uscc)
    holder = (
        Organization.objects.filter(uscc=uscc).exclude(pk=except_pk).select_related("node").first() if uscc else None
    )
    if holder is not None:
        sentence = f"这个代码已登记给{holder.node.name}。"
        raise BadInput(sentence, "uscc-taken", fields={"uscc": sentence})
    return uscc


def term_end(starts_on: date | None, ends_on: date | None, years: int | None) -> date | None:
    """The term's last day: as given, or reckoned from its start and length."""
    if ends_on is None and starts_on is not None and years:
        return years_before(starts_on, -years) - timedelta(days=1)
    return ends_on


def next_code(parent: Node, form: str) -> str:
    """Code of the next union of that form: the federation's code above it, a letter, a serial (610502001-Q0001)."""
    local = parent
    if not parent.is_local:
        local = list_ancestors(parent).filter(is_local=True).order_by("-path").first() or parent
    head = f"{local.code}-{LETTERS[form]}"
    last = Node.objects.filter(code__startswith=head).order_by("-code").values_list("code", flat=True).first()
    serial = int(last.removeprefix(head)) + 1 if last else 1
    return f"{head}{serial:04d}"


def _write(
    actor: Actor,
    node: Node,
    values: Mapping[str, Any],
    employer: Employer | None,
    chair_name: str,
    submit_key: str,
) -> Organization:
    on = node.opened_on
    organization = Organization.objects.create(
        node=node,
        employer=employer,
        submit_key=submit_key or None,
        sources=stamps_of(values, on),
        **values,
    )
    begin_standing(actor, organization, on)
    if chair_name.strip():
        add_officer(
            actor,
            organization,
            chair_name,
            "主席",
            "union",
            organization.term_starts_on or on,
            None,
        )
    return organization


def stamps_of(values: Mapping[str, Any], on: date) -> dict[str, list[str]]:
    """Source and day of every value that was given."""
    stamped = [SOURCE_FOUNDED, on.isoformat()]
    known = {field for field, value in values.items() if value not in ("", None)}
    return dict.fromkeys(known - {"division", "form", "status"}, stamped)


def begin_standing(actor: Actor, organization: Organization, on: date) -> None:
    """From this day the union stands: journal, dated change, and the employer it organises."""
    node, employer = organization.node, organization.employer
    entry = record(
        actor,
        "organizations.union.founded",
        node=node,
        about=organization,
        summary=f"建立工会：{node.name}",
        data={"code": node.code, "form": organization.form, "on": on.isoformat()},
    )
    OrganizationChange.objects.create(node=node, kind="founded", on=on, new=node.name, entry_id=entry.pk)
    if employer is not None and organization.form in ("single", "joint"):
        add_cover(actor, node, employer, on)

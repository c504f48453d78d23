"""A union in preparation: its place in the tree, its day of standing, or its end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.foundings.enter import (
    UnionFacts,
    begin_standing,
    clean_own_uscc,
    clean_union,
    lock_parent,
    next_code,
    stamps_of,
)
from unionhome.core.organizations.models import Employer, Organization
from unionhome.core.organizations.rules import check_term, level_of_form
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_node, close_node


def open_preparing(actor: Actor, *, parent_code: str, facts: UnionFacts, employer: Employer | None) -> Organization:
    """Give a union in preparation its place in the tree, so that members can be recruited before it stands.

    Refuses what `found_union` refuses. It organises no employer yet and counts nowhere as a union. The caller has
    checked that the actor may.
    """
    parent = lock_parent(parent_code)
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
    values |= {"founded_on": None, "status": "preparing"}
    organization = Organization.objects.create(
        node=node, employer=employer, sources=stamps_of(values, node.opened_on), **values
    )
    record(
        actor,
        "organizations.union.prepared",
        node=node,
        about=organization,
        summary=f"开始筹建工会：{node.name}",
        data={"code": node.code, "form": organization.form, "on": node.opened_on.isoformat()},
    )
    return organization


def stand_up(actor: Actor, organization: Organization, *, on: date, facts: Mapping[str, Any]) -> Organization:
    """A union in preparation stands from a day on, with its own code, its approval and its term (`rules.FACTS`).

    The caller has checked that the actor may. Raises BadInput at the field, Refused for an employer organised
    elsewhere meanwhile.
    """
    values = {**facts, "founded_on": on}
    values["uscc"] = clean_own_uscc(values.get("uscc", ""), except_pk=organization.pk)
    check_term(values.get("term_starts_on"), values.get("term_ends_on"), values.get("term_years"))
    for name, value in values.items():
        setattr(organization, name, value)
    organization.status = "active"
    organization.sources = {**organization.sources, **stamps_of(values, on)}
    organization.save()
    begin_standing(actor, organization, on)
    return organization


def close_preparing(actor: Actor, organization: Organization, *, on: date) -> None:
    """Give up a union in preparation: its place in the tree closes, it never counted. Members must be gone before."""
    close_node(actor, organization.node, on=on)
    organization.status = "dissolved"
    organization.save(update_fields=["status"])

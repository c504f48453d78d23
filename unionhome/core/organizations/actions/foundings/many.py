"""Founding many unions in a few statements, whatever their number: the demo city and the import of sheets write so."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import opening_day
from unionhome.core.organizations.actions.employers.known import EmployerFacts, find_or_make
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.actions.spans import settle_spans
from unionhome.core.organizations.models import (
    CoveredUnit,
    Division,
    Employer,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.queries import get_reach_below
from unionhome.core.organizations.rules.rows import ROW_DAYS, ROW_FACTS, UnionRow
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node
from unionhome.kit import bulk

BATCH = 500
LOCAL_FORMS = ("local", "town", "village")
SOURCE_ROWS = "组织名册"
TERMS = (3, 5)
ORGANISING = ("single", "joint")


@dataclass(frozen=True, slots=True)
class CoverRow:
    """An employer that a joint union organises, beside those of its own row."""

    union_code: str
    name: str
    division_code: str
    uscc: str = ""
    nature: str = ""
    industry: str = ""
    workers_count: int | None = None


@transaction.atomic
def found_unions(actor: Actor, rows: Sequence[UnionRow], covers: Sequence[CoverRow] = ()) -> list[Node]:
    """Found the unions of rows that were judged before, parents in whatever order; their employers and chairs too.

    One entry of the journal for all of them, with the digest of their codes. Raises BadInput for an unknown parent,
    division or a code in use, Forbidden beyond the actor's reach.
    """
    if not rows:
        return []
    _check_reach(actor, rows)
    today, first = timezone.localdate(actor.at), opening_day(actor, date.min)
    nodes = {node.code: node for node in add_nodes(actor, [_new_node(row, first, today) for row in rows])}
    _check_divisions({row.division_code for row in rows} | {cover.division_code for cover in covers})
    employers = _register_employers(actor, rows, covers, nodes)
    _add_organizations(rows, nodes, employers)
    settle_spans({node.pk: node.opened_on for node in nodes.values()})
    entry = record(
        actor,
        "organizations.unions.founded",
        node=min(nodes.values(), key=lambda node: node.path).parent,
        summary=f"按组织名册建立工会 {len(rows)} 个",
        data={"count": len(rows), "sha256": hashlib.sha256("\n".join(sorted(nodes)).encode()).hexdigest()},
    )
    OrganizationChange.objects.bulk_create(
        (
            OrganizationChange(
                node=nodes[row.code],
                kind="founded",
                on=row.founded_on or nodes[row.code].opened_on,
                new=row.name[:200],
                entry_id=entry.pk,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )
    add_chairs(rows, nodes)
    settle_coverage(actor)
    return list(nodes.values())


def _check_reach(actor: Actor, rows: Iterable[UnionRow]) -> None:
    made = {row.code for row in rows}
    above = {row.parent_code for row in rows} - made
    for parent in Node.objects.filter(code__in=above):
        actor.require("organizations.manage", parent.path)
        get_reach_below(actor, parent.path).check()
    if "" in above:
        actor.require("organizations.manage", "")


def _new_node(row: UnionRow, first: date, today: date) -> NewNode:
    return NewNode(
        code=row.code,
        name=row.name,
        level=row.level,
        parent_code=row.parent_code,
        opened_on=max(date.fromisoformat(row.founded_on), first) if row.founded_on else today,
        is_local=row.form in LOCAL_FORMS,
    )


def _check_divisions(wanted: set[str]) -> None:
    found = set(Division.objects.filter(code__in=wanted, ended_year=None).values_list("code", flat=True))
    if missing := wanted - found:
        raise BadInput(f"没有这个行政区划：{min(missing)}", "unknown-division")


# -- employers -------------------------------------------------------------------------------------------------------


def _register_employers(
    actor: Actor, rows: Sequence[UnionRow], covers: Iterable[CoverRow], nodes: Mapping[str, Node]
) -> dict[str, Employer]:
    """The employer that each row names, by the code of its union; single and joint unions organise it from now on."""
    named = [row for row in rows if row.employer_name]
    given = [(row.code, row.form in ORGANISING, facts_of_employer(row)) for row in named]
    given += [(cover.union_code, True, _facts_of_cover(cover)) for cover in covers]
    employers = find_or_make(actor, [facts for _, _, facts in given]).employers
    covering: dict[int, tuple[Employer, Node]] = {}
    for (code, organises, _), employer in zip(given, employers, strict=True):
        if organises:
            covering.setdefault(employer.pk, (employer, nodes[code]))
    for employer, node in covering.values():
        employer.union = node
    bulk.update(Employer, ["union_id"], ((node.pk, employer.pk) for employer, node in covering.values()))
    CoveredUnit.objects.bulk_create(
        (CoveredUnit(node=node, employer=employer, starts_on=node.opened_on) for employer, node in covering.values()),
        batch_size=BATCH,
    )
    return {row.code: employer for row, employer in zip(named, employers, strict=False)}


def facts_of_employer(row: UnionRow) -> EmployerFacts:
    """What a row tells of its employer."""
    return EmployerFacts(
        name=row.employer_name,
        division_code=row.division_code,
        uscc=row.employer_uscc,
        nature=row.nature,
        industry=row.industry,
        workers_count=row.workers_count,
        women_count=row.women_count,
    )


def _facts_of_cover(cover: CoverRow) -> EmployerFacts:
    return EmployerFacts(
        name=cover.name,
        division_code=cover.division_code,
        uscc=cover.uscc,
        nature=cover.nature,
        industry=cover.industry,
        workers_count=cover.workers_count,
    )


# -- unions and chairs -----------------------------------------------------------------------------------------------


def _facts_of(row: UnionRow) -> dict[str, Any]:
    """The facts that a row gives, by field: those it leaves empty are not among them."""
    facts = {name: value for name in ROW_FACTS if (value := getattr(row, name)) not in ("", None)}
    facts.update({name: date.fromisoformat(day) for name in ROW_DAYS if (day := getattr(row, name))})
    if {"term_starts_on", "term_ends_on"} <= facts.keys():
        years = term_years(facts["term_starts_on"], facts["term_ends_on"])
        facts.update({"term_years": years} if years else {})
    return facts


def term_years(starts_on: date, ends_on: date) -> int | None:
    """The length of a term in years where it is one of those that the law knows, whatever day it ends on."""
    years = round((ends_on - starts_on).days / 365.25)
    return years if years in TERMS else None


def _add_organizations(rows: Iterable[UnionRow], nodes: Mapping[str, Node], employers: Mapping[str, Employer]) -> None:
    made = []
    for row in rows:
        node = nodes[row.code]
        founded_on = date.fromisoformat(row.founded_on) if row.founded_on else node.opened_on
        facts = {**_facts_of(row), "founded_on": founded_on}
        stamped = [SOURCE_ROWS, node.opened_on.isoformat()]
        made.append(
            Organization(
                node=node,
                form=row.form,
                division_id=row.division_code,
                employer=employers.get(row.code),
                approved_by=node.parent.name if node.parent else "",
                sources=dict.fromkeys(facts, stamped),
                **facts,
            )
        )
    Organization.objects.bulk_create(made, batch_size=BATCH)


def add_chairs(rows: Iterable[UnionRow], nodes: Mapping[str, Node]) -> None:
    """Who presides over new unions, from the beginning of the term."""
    Officer.objects.bulk_create(
        (
            Officer(
                organization_id=nodes[row.code].pk,
                name=row.chair_name,
                post="主席",
                committee="union",
                starts_on=row.term_starts_on or nodes[row.code].opened_on,
            )
            for row in rows
            if row.chair_name
        ),
        batch_size=BATCH,
    )

"""Founding many unions in a few statements, whatever their number: the demo city and the import of sheets write so."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import (
    CoveredUnit,
    Division,
    Employer,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.queries import get_reach_below
from unionhome.core.organizations.rules.rows import ROW_DAYS, ROW_FACTS, EmployerKey, UnionRow, employer_key, key_of
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import NewNode, add_nodes
from unionhome.core.tree.models import Node

BATCH = 500
LOCAL_FORMS = ("local", "town", "village")
SOURCE_ROWS = "组织名册"
TERMS = (3, 5)


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
    today = timezone.localdate(actor.at)
    nodes = {node.code: node for node in add_nodes(actor, [_new_node(row, today) for row in rows])}
    divisions = _find_divisions({row.division_code for row in rows} | {cover.division_code for cover in covers})
    employers = _register_employers(actor, rows, covers, nodes, divisions)
    _add_organizations(rows, nodes, employers)
    _add_covers(rows, covers, nodes, employers)
    entry = record(
        actor,
        "organizations.unions.founded",
        node=min(nodes.values(), key=lambda node: node.path).parent,
        summary=f"按组织名册建立工会 {len(rows)} 个",
        data={"count": len(rows), "sha256": hashlib.sha256("\n".join(sorted(nodes)).encode()).hexdigest()},
    )
    OrganizationChange.objects.bulk_create(
        (
            OrganizationChange(node=node, kind="founded", on=node.opened_on, new=node.name[:200], entry_id=entry.pk)
            for node in nodes.values()
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


def _new_node(row: UnionRow, today: date) -> NewNode:
    return NewNode(
        code=row.code,
        name=row.name,
        level=row.level,
        parent_code=row.parent_code,
        opened_on=date.fromisoformat(row.founded_on) if row.founded_on else today,
        is_local=row.form in LOCAL_FORMS,
    )


def _find_divisions(codes: Iterable[str]) -> set[str]:
    wanted = set(codes)
    found = set(Division.objects.filter(code__in=wanted, ended_year=None).values_list("code", flat=True))
    if missing := wanted - found:
        raise BadInput(f"没有这个行政区划：{min(missing)}", "unknown-division")
    return found


# -- employers -------------------------------------------------------------------------------------------------------


def find_employers(keys: Iterable[EmployerKey]) -> dict[EmployerKey, Employer]:
    """The employers of the register behind keys, each with the union that organises it."""
    keys = set(keys)
    codes = [uscc for uscc, _, _ in keys if uscc]
    names = [name for uscc, name, _ in keys if not uscc]
    found = {employer_key(each.uscc, "", ""): each for each in Employer.objects.filter(uscc__in=codes)}
    for each in Employer.objects.filter(name__in=names, uscc="").order_by("-pk"):
        found[employer_key("", each.name, each.division_id)] = each
    return {key: employer for key, employer in found.items() if key in keys}


def _register_employers(
    actor: Actor,
    rows: Iterable[UnionRow],
    covers: Iterable[CoverRow],
    nodes: Mapping[str, Node],
    divisions: set[str],
) -> dict[EmployerKey, Employer]:
    """The employers of the rows by key: those known, organised from now on, and new ones."""
    wanted: dict[EmployerKey, tuple[str, Employer]] = {}
    organising = {row.code for row in rows if row.form in ("single", "joint")}
    for row in rows:
        if row.employer_name:
            key = key_of(row)
            wanted.setdefault(key, (row.code, _of_row(actor, row)))
    for cover in covers:
        key = employer_key(cover.uscc, cover.name, cover.division_code)
        wanted.setdefault(key, (cover.union_code, _of_cover(actor, cover)))
    known = find_employers(wanted)
    fresh = [each for key, (_, each) in wanted.items() if key not in known]
    for key, (code, each) in wanted.items():
        employer = known.setdefault(key, each)
        if code in organising:
            employer.union = nodes[code]
    Employer.objects.bulk_create(fresh, batch_size=BATCH)
    held = [each for key, each in known.items() if each is not wanted[key][1]]
    Employer.objects.bulk_update(held, ["union"], batch_size=BATCH)
    return known


def _of_row(actor: Actor, row: UnionRow) -> Employer:
    return Employer(
        name=row.employer_name,
        uscc=row.employer_uscc,
        nature=row.nature,
        industry=row.industry,
        division_id=row.division_code,
        workers_count=row.workers_count,
        women_count=row.women_count,
        created_at=actor.at,
    )


def _of_cover(actor: Actor, cover: CoverRow) -> Employer:
    return Employer(
        name=cover.name,
        uscc=cover.uscc,
        nature=cover.nature,
        industry=cover.industry,
        division_id=cover.division_code,
        workers_count=cover.workers_count,
        created_at=actor.at,
    )


def _add_covers(
    rows: Iterable[UnionRow],
    covers: Iterable[CoverRow],
    nodes: Mapping[str, Node],
    employers: Mapping[EmployerKey, Employer],
) -> None:
    given = [(row.code, key_of(row)) for row in rows if row.employer_name and row.form in ("single", "joint")]
    given += [(each.union_code, employer_key(each.uscc, each.name, each.division_code)) for each in covers]
    CoveredUnit.objects.bulk_create(
        (
            CoveredUnit(node=nodes[code], employer=employers[key], starts_on=nodes[code].opened_on)
            for code, key in dict.fromkeys(given)
        ),
        batch_size=BATCH,
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


def _add_organizations(
    rows: Iterable[UnionRow], nodes: Mapping[str, Node], employers: Mapping[EmployerKey, Employer]
) -> None:
    made = []
    for row in rows:
        node = nodes[row.code]
        facts = {**_facts_of(row), "founded_on": node.opened_on}
        stamped = [SOURCE_ROWS, node.opened_on.isoformat()]
        key = key_of(row)
        made.append(
            Organization(
                node=node,
                form=row.form,
                division_id=row.division_code,
                employer=employers.get(key) if row.employer_name else None,
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

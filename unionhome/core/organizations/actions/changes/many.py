"""Changing many standing unions in a few statements: what a sheet says otherwise than the register."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.move import move_union
from unionhome.core.organizations.actions.foundings.many import (
    BATCH,
    SOURCE_ROWS,
    add_chairs,
    find_employers,
    term_years,
)
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import CoveredUnit, Employer, Officer, Organization, OrganizationChange
from unionhome.core.organizations.rules.rows import ROW_DAYS, ROW_FACTS, UnionRow, key_of
from unionhome.core.organizations.rules.sheet_judging import EMPLOYER_FACTS, label_of_change
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.actions import correct_opening
from unionhome.core.tree.models import Node

Change = tuple[UnionRow, Sequence[str]]
EMPLOYER_FIELDS = ("uscc", "nature", "industry", "union")
TERM = {"term_starts_on", "term_ends_on"}


@transaction.atomic
def change_unions(actor: Actor, changes: Sequence[Change], *, on: date) -> None:
    """Change the unions of rows that were judged, in what each names: names, facts, employers, chairs and parents.

    One entry of the journal for all of them; each union keeps its dated change. Raises Refused where a move or a
    founding day cannot be.
    """
    if not changes:
        return
    codes = [row.code for row, _ in changes]
    unions = {
        union.node.code: union
        for union in Organization.objects.select_related("node__parent", "employer").filter(node__code__in=codes)
    }
    entry = record(
        actor,
        "organizations.unions.changed",
        node=min((union.node for union in unions.values()), key=lambda node: node.path),
        summary=f"按组织名册变更工会 {len(changes)} 个",
        data={"count": len(changes), "on": on.isoformat()},
    )
    notes = [note for row, names in changes for note in _change(actor, unions[row.code], row, names, on)]
    _save(unions)
    _set_employers(actor, [(row, unions[row.code]) for row, names in changes if set(names) & set(EMPLOYER_FACTS)], on)
    _set_chairs([(row, unions[row.code]) for row, names in changes if "chair_name" in names], on)
    for note in notes:
        note.entry_id = entry.pk
    OrganizationChange.objects.bulk_create(notes, batch_size=BATCH)
    for row, names in changes:
        if "parent" in names:
            move_union(actor, unions[row.code].pk, parent_code=row.parent_code, on=on, reason=SOURCE_ROWS)
    settle_coverage(actor)


def _change(
    actor: Actor, union: Organization, row: UnionRow, names: Sequence[str], on: date
) -> list[OrganizationChange]:
    """Set what the row says on the union, unsaved, and tell of it."""
    notes = []
    if "name" in names:
        notes.append(OrganizationChange(node=union.node, kind="renamed", on=on, old=union.node.name, new=row.name))
        union.node.name = row.name
    told = [name for name in names if name not in ("name", "parent")]
    if "founded_on" in names:
        union.founded_on = date.fromisoformat(row.founded_on)
        correct_opening(actor, union.node, on=union.founded_on)
    facts = _facts(row, names)
    if {*facts} & TERM:
        facts["term_years"] = _years(union, facts)
    for name, value in facts.items():
        setattr(union, name, value)
    if told:
        stamped = [SOURCE_ROWS, on.isoformat()]
        union.sources = {**union.sources, **dict.fromkeys((*facts, *({"founded_on"} & set(names))), stamped)}
        words = "、".join(map(label_of_change, told))
        notes.append(OrganizationChange(node=union.node, kind="changed", on=on, new=f"按组织名册更新：{words}"[:200]))
    return notes


def _facts(row: UnionRow, names: Sequence[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(row, name) for name in ROW_FACTS if name in names}
    facts.update({name: date.fromisoformat(getattr(row, name)) for name in ROW_DAYS if name in names})
    return facts | ({"division_id": row.division_code} if "division_code" in names else {})


def _years(union: Organization, facts: dict[str, Any]) -> int | None:
    """The length of the term as it will be; Refused where its end would not lie after its beginning."""
    starts_on = facts.get("term_starts_on", union.term_starts_on)
    ends_on = facts.get("term_ends_on", union.term_ends_on)
    if starts_on and ends_on and ends_on <= starts_on:
        raise Refused(f"{union.node.name}：本届止应晚于本届起。", "bad-term")
    return term_years(starts_on, ends_on) if starts_on and ends_on else union.term_years


def _save(unions: dict[str, Organization]) -> None:
    fields = [*ROW_FACTS, *ROW_DAYS, "term_years", "division", "founded_on", "sources"]
    Organization.objects.bulk_update(unions.values(), fields, batch_size=BATCH)
    Node.objects.bulk_update([union.node for union in unions.values()], ["name"], batch_size=BATCH)


def _set_employers(actor: Actor, given: Sequence[tuple[UnionRow, Organization]], on: date) -> None:
    """Employers that the rows name first, and facts of those known."""
    known = find_employers([key_of(row) for row, union in given if union.employer is None])
    fresh, covers, changed, linked = [], [], [], []
    for row, union in given:
        employer = union.employer or known.get(key_of(row))
        if employer is None:
            employer = Employer(name=row.employer_name, division_id=row.division_code, created_at=actor.at)
            fresh.append(employer)
        else:
            changed.append(employer)
        for field, value in (("uscc", row.employer_uscc), ("nature", row.nature), ("industry", row.industry)):
            setattr(employer, field, value or getattr(employer, field))
        if union.employer is None:
            union.employer = employer
            linked.append(union)
            if row.form in ("single", "joint"):
                employer.union = union.node
                covers.append(CoveredUnit(node=union.node, employer=employer, starts_on=on))
    Employer.objects.bulk_create(fresh, batch_size=BATCH)
    Employer.objects.bulk_update(changed, EMPLOYER_FIELDS, batch_size=BATCH)
    for union in linked:
        union.employer = union.employer  # takes over the key that saving gave
    Organization.objects.bulk_update(linked, ["employer"], batch_size=BATCH)
    CoveredUnit.objects.bulk_create(covers, batch_size=BATCH)


def _set_chairs(given: Sequence[tuple[UnionRow, Organization]], on: date) -> None:
    """The chair before steps down on the day the new one's post begins: the term's first, if that lies later."""
    standing = Officer.objects.filter(
        organization__in=[union.pk for _, union in given], post="主席", committee="union", ends_on=None
    )
    begun = {officer.organization_id: officer for officer in standing.order_by("starts_on", "pk")}
    new, nodes = [], {}
    for row, union in given:
        held = begun.get(union.pk)
        starts_on = union.term_starts_on or union.node.opened_on
        if held is not None:
            starts_on = max(starts_on, on) if starts_on <= held.starts_on else starts_on
            held.ends_on = starts_on
        new.append(row._replace(term_starts_on=starts_on.isoformat()))
        nodes[row.code] = union.node
    same_day = [officer for officer in begun.values() if officer.ends_on and officer.ends_on <= officer.starts_on]
    Officer.objects.filter(pk__in=[officer.pk for officer in same_day]).delete()
    Officer.objects.bulk_update(
        [officer for officer in begun.values() if officer not in same_day], ["ends_on"], batch_size=BATCH
    )
    add_chairs(new, nodes)

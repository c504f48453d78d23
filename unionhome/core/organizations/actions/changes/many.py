"""Changing many standing unions in a few statements: what a sheet says otherwise than the register."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.move import move_union
from unionhome.core.organizations.actions.changes.relocate import place_text
from unionhome.core.organizations.actions.employers.known import find_or_make
from unionhome.core.organizations.actions.foundings.many import (
    BATCH,
    ORGANISING,
    SOURCE_ROWS,
    add_chairs,
    facts_of_employer,
    term_years,
)
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.actions.spans import correct_start, settle_spans
from unionhome.core.organizations.models import (
    CoveredUnit,
    Division,
    Employer,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.organizations.rules import NATURES
from unionhome.core.organizations.rules.rows import ROW_DAYS, ROW_FACTS, UnionRow
from unionhome.core.organizations.rules.sheet_judging import EMPLOYER_FACTS, label_of_change
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.codes import INDUSTRIES

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
    divisions = _list_divisions(unions.values(), changes)
    chairs = _list_chairs(unions.values())
    notes = []
    for row, names in changes:
        union = unions[row.code]
        told = _Told(union, row, names, chairs.get(union.pk, ""), divisions)
        _change(actor, union, row, names, on)
        notes += told.notes(on)
    _save(unions)
    _set_employers(actor, [(row, unions[row.code]) for row, names in changes if set(names) & set(EMPLOYER_FACTS)], on)
    settle_spans([union.pk for union in unions.values()], on=on)
    _set_chairs([(row, unions[row.code]) for row, names in changes if "chair_name" in names], on)
    for note in notes:
        note.entry_id = entry.pk
    OrganizationChange.objects.bulk_create(notes, batch_size=BATCH)
    for row, names in changes:
        if "parent" in names:
            move_union(actor, unions[row.code].pk, parent_code=row.parent_code, on=on, reason=SOURCE_ROWS)
    settle_coverage(actor)


def _list_divisions(unions: Iterable[Organization], changes: Sequence[Change]) -> dict[str, Division]:
    codes = {union.division_id for union in unions} | {row.division_code for row, _ in changes}
    return Division.objects.select_related("parent__parent__parent").in_bulk(codes)


def _list_chairs(unions: Iterable[Organization]) -> dict[int, str]:
    """Who presides over the unions now."""
    posts = Officer.objects.filter(
        organization__in=[union.pk for union in unions], post="主席", committee="union", ends_on=None
    )
    return dict(posts.order_by("starts_on", "pk").values_list("organization", "name"))


class _Told:
    """What stood before the change of one union, to be told beside what stands after it: as its page would."""

    def __init__(
        self,
        union: Organization,
        row: UnionRow,
        names: Sequence[str],
        chair: str,
        divisions: Mapping[str, Division],
    ) -> None:
        self.union, self.row, self.chair, self.divisions = union, row, chair, divisions
        self.names = [name for name in names if name not in ("name", "parent", "division_code")]
        self.name = union.node.name if "name" in names else ""
        self.place = self._place() if "division_code" in names else ""
        self.old = [self._text(name, self._before(name)) for name in self.names]

    def notes(self, on: date) -> list[OrganizationChange]:
        """The dated changes, unsaved, after the union was changed."""
        found = []
        if self.name:
            found.append(self._note("renamed", on, self.name, self.row.name))
        if self.place:
            found.append(self._note("relocated", on, self.place, self._place()))
        if self.names:
            new = [self._text(name, getattr(self.row, name)) for name in self.names]
            found.append(self._note("changed", on, "；".join(filter(None, self.old)), "；".join(new)))
        return found

    def _note(self, kind: str, on: date, old: str, new: str) -> OrganizationChange:
        return OrganizationChange(
            node=self.union.node, kind=kind, on=on, old=old[:200], new=new[:200], reason=SOURCE_ROWS
        )

    def _place(self) -> str:
        return place_text(self.divisions[self.union.division_id], self.union.address)

    def _before(self, name: str) -> Any:
        if name == "chair_name":
            return self.chair
        if name in EMPLOYER_FACTS:
            return getattr(self.union.employer, name.removeprefix("employer_"), "")
        return getattr(self.union, name)

    def _text(self, name: str, value: Any) -> str:
        words = {"nature": dict(NATURES), "industry": dict(INDUSTRIES.choices)}.get(name, {})
        return f"{label_of_change(name)} {words.get(value, value)}" if value not in ("", None) else ""


def _change(actor: Actor, union: Organization, row: UnionRow, names: Sequence[str], on: date) -> None:
    """Set what the row says on the union, unsaved."""
    if "name" in names:
        union.node.name = row.name
    if "founded_on" in names:
        union.founded_on = date.fromisoformat(row.founded_on)
        correct_start(actor, union, union.founded_on)
    facts = _facts(row, names)
    if {*facts} & TERM:
        facts["term_years"] = _years(union, facts)
    for name, value in facts.items():
        setattr(union, name, value)
    stamped = {key: [SOURCE_ROWS, on.isoformat()] for key in (*facts, *({"founded_on"} & set(names)))}
    union.sources = {**union.sources, **stamped}


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
    first = [(row, union) for row, union in given if union.employer is None]
    found = find_or_make(actor, [facts_of_employer(row) for row, _ in first]).employers
    covers: dict[int, CoveredUnit] = {}
    for (row, union), employer in zip(first, found, strict=True):
        union.employer = employer
        if row.form in ORGANISING and employer.union is None:
            employer.union = union.node
            covers[employer.pk] = CoveredUnit(node=union.node, employer=employer, starts_on=on)
    changed = {union.employer.pk: union.employer for _, union in given if union.employer}
    for row, union in given:
        employer = changed[union.employer_id or 0]
        for field, value in (("uscc", row.employer_uscc), ("nature", row.nature), ("industry", row.industry)):
            setattr(employer, field, value or getattr(employer, field))
    Employer.objects.bulk_update(changed.values(), EMPLOYER_FIELDS, batch_size=BATCH)
    Organization.objects.bulk_update([union for _, union in first], ["employer"], batch_size=BATCH)
    CoveredUnit.objects.bulk_create(covers.values(), batch_size=BATCH)


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

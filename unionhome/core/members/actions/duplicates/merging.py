"""Two files of one human being become one, and two again: a pointer, what it took along, and the way back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from unionhome.core.access.actions import hand_over_account, release_phone
from unionhome.core.journal.actions import record
from unionhome.core.members.actions.standing.changing import close_membership
from unionhome.core.members.models import Correction, Duplicate, Leaving, Membership, Merge, Person
from unionhome.core.members.queries import duplicates as queries
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import STANDING, Status
from unionhome.core.members.rules.duplicates import Decision
from unionhome.core.registry import Actor, BadInput, Refused, discover, resolve
from unionhome.kit import crypto
from unionhome.kit.codes import mask_name, mask_numbers
from unionhome.kit.pinyin import initials

REASON = "两份档案是同一个人，合并"
LONGEST_NOTE = 200


@transaction.atomic
def merge_persons(
    actor: Actor, kept_id: int, merged_id: int, *, take: Sequence[str] = (), note: str = "", submit_key: str = ""
) -> Merge:
    """Let one file point to another that stays; `take` are facts that the one that stays takes from it.

    Its document keeps leading to the person. Of two memberships that of the file that stays goes on, the other ends
    today. Raises NotFound out of the branch, Forbidden, BadInput for an unknown fact, Refused where something of the
    other file is still being handled.
    """
    earlier = Merge.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None:
        return earlier
    kept, merged = queries.get_pair(actor, kept_id, merged_id)
    for person in (kept, merged):
        actor.require(queries.MERGE, person.node.path)
    kept, merged = _lock(kept, merged)
    unknown = set(take) - set(queries.TAKEABLE)
    if unknown or len(note) > LONGEST_NOTE:
        raise BadInput("要合并的项目有误，请刷新页面再选。")
    _check(kept, merged)
    ended = _lock_standing(merged.pk).first()
    before = _take(kept, merged, take)
    row = Merge(
        kept=kept, merged=merged, taken=list(take), before_sealed=before, ended=ended,
        ended_status=ended.status if ended else "", ended_reason=ended.reason if ended else "",
        note=mask_numbers(note.strip()), merged_at=actor.at, merged_by_id=actor.user_id, submit_key=submit_key or None,
    )  # fmt: skip
    if ended is not None:
        close_membership(ended, Status.DOUBLED, on=timezone.localdate(actor.at), reason=REASON)
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)
    _tell(merged)
    row.moved_account = hand_over_account(actor, merged.pk, kept.pk)
    if not row.moved_account:
        release_phone(actor, merged.pk)
    row.save()
    _decide_pair(actor, kept, merged, Decision.SAME, "")
    _journal(actor, row, "members.person.merged", f"{mask_name(merged.name)}的两份档案合并为一份")
    return row


def _tell(person: Person) -> None:
    """Let every room that counts human beings know. One declares `IDENTITY_FOLLOWERS` in its `handlers`: dotted paths
    to functions (person id)."""
    for dotted in discover("handlers", "IDENTITY_FOLLOWERS"):
        resolve(dotted)(person.pk)


def _lock(kept: Person, merged: Person) -> tuple[Person, Person]:
    """Both files as they are now, with their standing memberships, locked in one order: a change of a membership locks
    it before it writes to the file."""
    list(_lock_standing(kept.pk, merged.pk))
    rows = Person.objects.select_for_update(of=("self",)).select_related("node").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(kept.pk, merged.pk), merged_into__isnull=True)}
    if len(found) < 2:
        raise Refused("这两份档案里有一份已经合并，请刷新看看。", "already-merged")
    return found[kept.pk], found[merged.pk]


def _lock_standing(*person_ids: int) -> QuerySet[Membership]:
    """The memberships that stand now, kept from others until the transaction ends."""
    rows = Membership.objects.select_for_update(of=("self",)).filter(person__in=person_ids, status__in=STANDING)
    return rows.order_by("pk")


def _check(kept: Person, merged: Person) -> None:
    if Person.objects.filter(merged_into=merged).exists():
        raise Refused("要并入的那份里已经并过别的档案，请把它作为留下的一份。", "has-merged")
    standing = dict(
        Membership.objects.filter(person__in=(kept, merged), status__in=STANDING).values_list("person_id", "status")
    )
    if merged.pk in standing and kept.pk not in standing:
        raise Refused("留下的那份没有会籍，另一份在会，请把在会的那份留下。", "keep-the-member")
    if Status.TRANSFERRING in standing.values():
        raise Refused("有一份会籍正在转接，等转接办完再合并。", "transferring")
    for model, words in ((Leaving, "退会"), (Correction, "更正")):
        if model.objects.filter(person=merged, state="submitted").exists():
            raise Refused(f"要并入的那份还有{words}申请没有办完，请先办完。", "matter-open")


def _take(kept: Person, merged: Person, take: Sequence[str]) -> bytes:
    """Set the facts on the file that stays; what they were before, sealed."""
    held, given = _values(kept), _values(merged)
    before = {key: [held[key], kept.sources.get(key)] for key in take}
    for key in take:
        _set(kept, key, given[key])
        kept.sources = {**kept.sources, key: _source(merged, key)}
    if take:
        kept.save()
    return crypto.seal(json.dumps(before, ensure_ascii=False), field=sealed.MERGE)


def _source(person: Person, key: str) -> list[str]:
    own: list[str] | None = person.sources.get(key)
    return own or [person.source, person.source_on.isoformat()]


def _values(person: Person) -> dict[str, str]:
    return {
        **get_clear_values(person),
        "national_no": person.national_no,
        "national_state": person.national_state,
    }


def _set(person: Person, key: str, value: str) -> None:
    columns: dict[str, Any] = {key: value}
    if key == "phone":
        columns = sealed.phone_fields(value)
    elif key == "address":
        columns = sealed.address_fields(value)
    elif key == "name":
        columns["name_initials"] = initials(value)
    elif key == "is_migrant":
        columns = {key: {"yes": True, "no": False}.get(value)}
    elif key == "birth_on":
        columns = {key: value or None}
    for name, column in columns.items():
        setattr(person, name, column)


@transaction.atomic
def undo_merge(actor: Actor, merge_id: int, *, note: str) -> Merge:
    """Take a merge back: two files again, the ended membership, facts and account as they were before it.

    A fact that was corrected after the merge stays corrected. Raises NotFound, Forbidden, BadInput without a reason,
    Refused where it was taken back already or the files went on otherwise.
    """
    row = queries.get_merge(actor, merge_id)
    for person in (row.kept, row.merged):
        actor.require(queries.MERGE, person.node.path)
    note = mask_numbers(note.strip())
    if not note or len(note) > LONGEST_NOTE:
        raise BadInput("请写明为什么撤销，最多200个字。", fields={"note": "请写明为什么撤销，最多200个字"})
    row = Merge.objects.select_for_update(of=("self",)).select_related("kept__node", "merged__node").get(pk=row.pk)
    if row.undone_at is not None:
        return row
    kept, merged = row.kept, row.merged
    if kept.merged_into_id is not None:
        raise Refused("留下的那份后来又并入了别的档案，请先撤销后面那一次。", "merged-again")
    if row.ended is not None and row.ended.node.closed_on is not None:
        raise Refused(f"{row.ended.node.name}已经撤销，那份会籍回不去了，不能撤销合并。", "union-closed")
    _restore_facts(kept, merged, row)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=merged.pk).update(merged_into=None)
            if row.ended is not None:
                Membership.objects.filter(pk=row.ended.pk).update(
                    status=row.ended_status, reason=row.ended_reason, left_on=None
                )
    except IntegrityError as error:
        raise Refused("合并以后，那份会籍的卡号或证件已经登记给别的档案，不能撤销。", "changed-since") from error
    _tell(merged)
    if row.moved_account:
        hand_over_account(actor, kept.pk, merged.pk)
    row.undone_at, row.undone_by_id, row.undone_note = actor.at, actor.user_id, note
    row.save(update_fields=["undone_at", "undone_by", "undone_note"])
    _decide_pair(actor, kept, merged, Decision.OPEN, "")
    _journal(actor, row, "members.person.separated", f"撤销{mask_name(kept.name)}的档案合并：{note}"[:300])
    return row


def _restore_facts(kept: Person, merged: Person, row: Merge) -> None:
    before: Mapping[str, Any] = json.loads(sealed.open_text(row.before_sealed, sealed.MERGE))
    held, given = _values(kept), _values(merged)
    sources = dict(kept.sources)
    for key, (value, source) in before.items():
        if held[key] != given[key]:
            continue
        _set(kept, key, value)
        sources.pop(key, None)
        if source:
            sources[key] = source
    kept.sources = sources
    kept.save()


@transaction.atomic
def tell_apart(actor: Actor, person_id: int, other_id: int, *, note: str = "") -> None:
    """Remember that two files that look alike are two people: they are not shown again. Raises NotFound, Forbidden."""
    one, other = queries.get_pair(actor, person_id, other_id)
    for person in (one, other):
        actor.require(queries.MERGE, person.node.path)
    if len(note) > LONGEST_NOTE:
        raise BadInput("说明最多200个字。", fields={"note": "说明最多200个字"})
    _decide_pair(actor, one, other, Decision.DIFFERENT, mask_numbers(note.strip()))
    for person in (one, other):
        record(
            actor, "members.person.told_apart", node=person.node, about=person, subject_id=person.pk,
            summary=f"核对了两份相像的档案：{mask_name(one.name)}不是同一个人",
        )  # fmt: skip


def _decide_pair(actor: Actor, one: Person, other: Person, state: Decision, note: str) -> None:
    """Both sides of a pair, made where nobody had found it."""
    is_open = state is Decision.OPEN
    decided = {
        "state": state, "note": note, "decided_at": None if is_open else actor.at,
        "decided_by_id": None if is_open else actor.user_id,
    }  # fmt: skip
    reasons = queries.list_likenesses(one, other)
    for here, there in ((one, other), (other, one)):
        Duplicate.objects.update_or_create(
            person=here,
            other=there,
            defaults=decided,
            create_defaults={**decided, "reasons": reasons, "found_at": actor.at},
        )


def _journal(actor: Actor, row: Merge, kind: str, summary: str) -> None:
    for person in (row.kept, row.merged):
        record(
            actor, kind, node=person.node, about=person, subject_id=person.pk, summary=summary,
            data={"taken": row.taken, "merge": row.pk},
        )  # fmt: skip

"""The timeline of a case and its files."""

from dataclasses import dataclass
from datetime import datetime

from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.queries.appeals import is_barred
from unionhome.core.cases.queries.branch import get_handled_case
from unionhome.core.cases.queries.kinds import find_led, get_kind
from unionhome.core.cases.queries.texts import get_masked_applicant, get_text
from unionhome.core.cases.rules import ENTRY_TEXT_FIELD, led_title
from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files_of
from unionhome.core.registry import Actor, NotFound
from unionhome.kit.codes import mask_name


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline, opened for a reader who may read it."""

    id: int
    at: datetime
    kind: str
    title: str
    text: str
    clock: str
    is_public: bool
    who: str
    files: tuple[SealedFile, ...]
    is_sealed: bool = False
    is_shut: bool = False


def list_timeline(case: Case, *, public_only: bool, reader: Actor | None = None) -> list[TimelineEntry]:
    """Newest first, in two queries. The caller has scoped the case. Sealed notes are open to a `reader` who may read
    them, and shut to everybody else: their text stays empty."""
    entries = Entry.objects.filter(case=case).order_by("-at", "-id")
    if public_only:
        entries = entries.filter(is_public=True)
    rows = list(entries)
    files = list_files_of("cases.entry", [row.pk for row in rows])
    return [
        TimelineEntry(
            id=row.pk,
            at=row.at,
            kind=row.kind,
            title=row.title,
            text="" if _is_shut(row, case, reader) else get_text(row.text_sealed, ENTRY_TEXT_FIELD),
            clock=row.clock,
            is_public=row.is_public,
            who=_who(row, case, public_only),
            files=tuple(files.get(row.pk, ())),
            is_sealed=row.is_sealed,
            is_shut=_is_shut(row, case, reader),
        )
        for row in rows
    ]


def _is_shut(row: Entry, case: Case, reader: Actor | None) -> bool:
    return row.is_sealed and (reader is None or not may_read_note(reader, case, row))


def may_read_note(actor: Actor, case: Case, note: Entry) -> bool:
    """Whether a sealed note opens without a reason: to its writer, and to who holds the permission on the branch; of an
    appeal not to who handled the first matter."""
    if actor.user_id is not None and note.user_id == actor.user_id:
        return True
    may_read = actor.may("cases.sealed_read", case.node.path)
    return may_read and not is_barred(case, actor.user_id, actor.node_id)


def get_sealed_note(actor: Actor, case_id: int, note_id: int) -> tuple[Case, Entry]:
    """A sealed note of a case that the actor handles, to be opened. Raises NotFound, Forbidden."""
    case = get_handled_case(actor, case_id, "cases.unseal")
    note = Entry.objects.filter(case=case, pk=note_id, is_sealed=True).select_related("user").first()
    if note is None:
        raise NotFound()
    return case, note


def list_led_lines(case: Case) -> list[TimelineEntry]:
    """What the applicant of a matter reads of the one that leads it: titles that say what was done, never words, files
    or persons. The caller has scoped the case."""
    led = find_led(case)
    if led is None:
        return []
    kinds = (Entry.Kind.STEP, Entry.Kind.HELPED, Entry.Kind.MEASURED)
    lines = Entry.objects.filter(case_id=led.leader_id, is_public=True, kind__in=kinds).order_by("-at", "-id")
    also = get_kind(case.kind).led_titles
    return [
        TimelineEntry(row.pk, row.at, row.kind, f"一起办的那件：{title}", "", "", True, "", ())
        for row in lines
        if (title := led_title(row.title, also))
    ]


def get_file(case: Case, file_id: int, *, public_only: bool) -> SealedFile:
    """A file of the case's timeline; for its applicant also one of the case that leads it, as far as the kind shows
    those. Raises NotFound; the caller has scoped the case."""
    entries = Entry.objects.filter(case=case)
    if public_only:
        entries = entries.filter(is_public=True)
    ids = list(entries.values_list("pk", flat=True))
    led = find_led(case) if public_only else None
    ids += led.entry_ids if led else ()
    files = list_files_of("cases.entry", ids)
    file = next((file for of_entry in files.values() for file in of_entry if file.pk == file_id), None)
    if file is None:
        raise NotFound()
    return file


SYSTEM_NAME = "系统"


def _who(row: Entry, case: Case, public_only: bool) -> str:
    """To the applicant a union and a post; to the desk also a colleague's name, while the applicant's stays masked."""
    if public_only:
        return " ".join(part for part in (row.actor_union, row.actor_post) if part)
    if row.actor_union or row.actor_post or row.actor_name == SYSTEM_NAME:
        return " ".join(part for part in (row.actor_union, row.actor_post, row.actor_name) if part)
    return mask_name(row.actor_name) if row.actor_name else get_masked_applicant(case)

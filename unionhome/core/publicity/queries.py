"""Reading public notices: those of a branch, the open ones, what was said against them, and whether one is clean."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone

from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files, list_files_of
from unionhome.core.papers.queries import has_sealed
from unionhome.core.policy.queries import get_calendar
from unionhome.core.publicity.models import Answer, Notice, Objection, Place, Posting
from unionhome.core.publicity.rules import Rows, index_of, last_day
from unionhome.core.publicity.workflow import OBJECTION
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, PublicList, Refused, rooms
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.models import Step
from unionhome.kit.calendars import DueDay
from unionhome.kit.dates import day_bounds

VIEW = "publicity.view"
PAPER = "notice"
INVOLVED = ("open", "issue", "reissue", "post", "posting", "extend")
RUNNING = ("posted", "objected")
PHASES: Mapping[str, tuple[str, ...]] = {
    "drafted": ("drafted",),
    "issued": ("issued",),
    "posted": ("posted",),
    "objected": ("objected", "upheld"),
    "ended": ("ended",),
    "withdrawn": ("withdrawn",),
}
ELSEWHERE = "可以向这个工会的上级工会反映，或者拨打 12351 职工服务热线。"


@cache
def list_kinds() -> tuple[PublicList, ...]:
    """Every kind of list that a card declares, in the order of the settings."""
    return tuple(kind for room in rooms() for kind in room.card.public_lists)


def get_kind(code: str) -> PublicList:
    """The kind of that code. Raises BadInput at its field."""
    found = next((kind for kind in list_kinds() if kind.code == code), None)
    if found is None:
        raise BadInput("请选公示的是哪一类名单。", "bad-kind", fields={"kind": "请选公示的是哪一类名单。"})
    return found


def list_notices(actor: Actor, phase: str = "") -> QuerySet[Notice]:
    """Notices of the actor's branches, the newest first. `phase` is one of PHASES."""
    rows = scope(Notice.objects.all(), actor, VIEW).select_related("node").defer("rows", "list_sealed")
    return (rows.filter(state__in=PHASES[phase]) if phase in PHASES else rows).order_by("-opened_at", "-pk")


def count_notices(actor: Actor) -> dict[str, int]:
    """Notices by phase and all of them, in one query."""
    counts = {phase: Count("pk", filter=Q(state__in=states)) for phase, states in PHASES.items()}
    return scope(Notice.objects.all(), actor, VIEW).order_by().aggregate(**counts, all=Count("pk"))


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """The notice, if the actor may see it. Raises NotFound."""
    found = scope(Notice.objects.filter(pk=notice_id), actor, VIEW).select_related("node").first()
    if found is None:
        raise NotFound()
    return found


def get_handled_notice(actor: Actor, notice_id: int, permission: str) -> Notice:
    """The notice, to act on. Raises NotFound where the actor cannot see it, Forbidden where it may only be read."""
    notice = get_notice(actor, notice_id)
    if not actor.may(permission, notice.node.path):
        raise Forbidden(f"这份公示由{notice.node.name}办，您可以看，不能办。")
    return notice


def get_objection(actor: Actor, objection_id: int) -> Objection:
    """An objection to a notice of the actor's branches. Raises NotFound."""
    rows = Objection.objects.filter(pk=objection_id).select_related("notice", "node", "answer")
    found = scope(rows, actor, VIEW).first()
    if found is None:
        raise NotFound()
    return found


def list_objections(notice: Notice) -> list[Objection]:
    """What was said against a notice that the caller has scoped, the first first."""
    return list(Objection.objects.filter(notice=notice).select_related("answer").order_by("number"))


def list_postings(notice: Notice) -> list[tuple[Posting, list[SealedFile]]]:
    """Where a notice that the caller has scoped hangs, with the photographs."""
    postings = list(Posting.objects.filter(notice=notice).order_by("pk"))
    files = list_files_of(Posting._meta.label_lower, [posting.pk for posting in postings])
    return [(posting, files.get(posting.pk, [])) for posting in postings]


def get_photo(notice: Notice, file_id: int) -> SealedFile:
    """A photograph of where a notice that the caller has scoped hangs. Raises NotFound."""
    return _pick((file for _, files in list_postings(notice) for file in files), file_id)


def get_letter(actor: Actor, objection: Objection, file_id: int) -> SealedFile:
    """A page of an objection or of its answer; the caller has scoped the objection. Raises NotFound."""
    letters, sheets = list_letters(actor, objection)
    return _pick([*letters, *sheets], file_id)


def list_letters(actor: Actor, objection: Objection) -> tuple[list[SealedFile], list[SealedFile]]:
    """The pages of an objection, for whoever may read who objected, and the signed sheets of its answer."""
    answer = Answer.objects.filter(objection=objection).first()
    letters = list(list_files(objection)) if may_read_objector(actor, objection) else []
    return letters, list(list_files(answer)) if answer else []


def _pick(files: Any, file_id: int) -> SealedFile:
    found: SealedFile | None = next((file for file in files if file.pk == file_id), None)
    if found is None:
        raise NotFound()
    return found


# -- the term --------------------------------------------------------------------------------------------------------------


def find_term(start_on: date, days: int) -> DueDay:
    """The last day of a term by the calendar as it stands now."""
    return last_day(start_on, days, get_calendar(start_on.year, start_on.year + 1))


def find_end(notice: Notice) -> date | None:
    """The last day on which objections count: the day said, or a later one where the calendar has changed since
    and a working day fell out of the term. None while it does not hang."""
    if notice.start_on is None or notice.ends_on is None:
        return None
    return max(notice.ends_on, find_term(notice.start_on, notice.days_count).on)


def is_over(notice: Notice, at: datetime) -> bool:
    """Whether the last day is past; decided by the day, whatever was filed since."""
    end = find_end(notice)
    return end is not None and at >= day_bounds(end)[1]


def count_open_objections(notice: Notice) -> int:
    """Objections that nobody has answered."""
    return Objection.objects.filter(notice=notice, state="received").count()


def get_facts(notice: Notice, at: datetime) -> dict[str, Any]:
    """What the guards of a notice look at."""
    return {
        "is_sealed": notice.state != "issued" or has_sealed(notice, PAPER),
        "is_over": notice.state != "posted" or is_over(notice, at),
        "open_count": count_open_objections(notice) if notice.state == "objected" else 0,
    }


def is_involved(actor: Actor, notice: Notice) -> bool:
    """Whether the actor drew up or posted the notice, and so is the one objected to."""
    steps = Step.objects.filter(model=Notice._meta.label_lower, object_id=notice.pk, user_id=actor.user_id)
    return actor.user_id is not None and steps.filter(verb__in=INVOLVED).exists()


def may_read_objector(actor: Actor, objection: Objection) -> bool:
    """Whether the actor may read who objected: whoever may answer, never the one objected to."""
    return actor.may("publicity.answer", objection.node.path) and not is_involved(actor, objection.notice)


# -- whether the next step is free -------------------------------------------------------------------------------------------


def get_block(notice: Notice, at: datetime) -> str:
    """Why what the list is for may not go on yet; empty where the notice ran its days and nothing is open."""
    if notice.state == "withdrawn":
        return "公示已撤回，要重新公示。"
    said = set(Objection.objects.filter(notice=notice).values_list("state", flat=True))
    if notice.state == "upheld" or "upheld" in said:
        return "异议成立，要撤回，改好名单再公示。"
    if OBJECTION.initial in said:
        return "有异议还没有答复，答复以前不能往下办。"
    if notice.state in ("drafted", "issued"):
        return "名单还没有贴出来公示。"
    end = find_end(notice)
    if end is None or not is_over(notice, at):
        return f"公示到 {end:%Y-%m-%d} 才满，之前不能往下办。" if end else "名单还没有贴出来公示。"
    return ""


def find_clean_notice(about: Model, columns: Sequence[str], rows: Rows, at: datetime) -> Notice:
    """The notice under which a list may go on: run to its end, nothing open, and of this very list.

    `about` is the row whose list it is, which the caller has scoped; `rows` the whole list as it stands now. Raises
    Refused: no notice, running, objected to, withdrawn, or a list that has changed since.
    """
    found = _about(about).order_by("-pk")
    notice = found.exclude(state="withdrawn").first() or found.first()
    if notice is None:
        raise Refused("这份名单还没有公示。", "not-shown")
    sentence = get_block(notice, at)
    if not sentence and Objection.objects.filter(notice__in=found.values("pk"), state="received").exists():
        sentence = "撤回的那份公示还有异议没有答复，答复以前不能往下办。"
    if sentence:
        raise Refused(sentence, "notice-block")
    index = index_of(columns, rows)
    if notice.list_index != index:
        raise Refused("公示以后名单改过，要重新公示。", "list-changed")
    later = found.filter(pk__gt=notice.pk, list_index=index)
    if Objection.objects.filter(notice__in=later.values("pk"), state="upheld").exists():
        raise Refused("这份名单后来又公示过，异议成立，要改好名单再公示。", "notice-block")
    return notice


def _about(row: Model) -> QuerySet[Notice]:
    return Notice.objects.filter(about_model=row._meta.label_lower, about_id=row.pk)


def is_standing(about: Model) -> bool:
    """Whether a notice of that row's list is under way."""
    return _about(about).exclude(state__in=("ended", "withdrawn")).exists()


def find_late_refusal(notice: Notice, at: datetime) -> Refused | None:
    """The no to an objection that does not count now, with where else to turn; None where it counts."""
    if notice.state == "withdrawn":
        return Refused("这份公示已经撤回，不再作数；改好的名单会重新公示。", "notice-withdrawn")
    end = find_end(notice)
    if end is None:
        return Refused("这份名单还没有开始公示。", "not-posted")
    if is_over(notice, at):
        return Refused(f"公示到 {end:%Y-%m-%d} 已经满了，不再按公示异议受理。{ELSEWHERE}", "notice-over")
    return None


# -- what everybody reads ------------------------------------------------------------------------------------------------


def list_open(at: datetime) -> QuerySet[Notice]:
    """Notices that everybody may read now, the newest first."""
    today = timezone.localdate(at)
    rows = Notice.objects.filter(is_open=True, state__in=RUNNING, ends_on__gte=today, published_on__isnull=False)
    return rows.select_related("node").defer("rows", "list_sealed").order_by("-published_on", "-pk")


def get_shown_notice(public_id: str) -> Notice:
    """A notice that hangs or hung somewhere, by the address on its paper: without its names. Raises NotFound."""
    rows = Notice.objects.filter(public_id=public_id).exclude(state="drafted").select_related("node")
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def is_readable(notice: Notice, at: datetime) -> bool:
    """Whether everybody may read the list itself now."""
    return notice.is_open and notice.state in RUNNING and not is_over(notice, at)


def get_receipt(receipt: str) -> Objection:
    """An objection by the code that whoever sent it was given. Raises NotFound."""
    found = Objection.objects.filter(receipt=receipt).select_related("notice", "node", "answer").first()
    if found is None:
        raise NotFound()
    return found


def find_objection(submit_key: str) -> Objection | None:
    """What the same form sent before."""
    return Objection.objects.filter(submit_key=submit_key).first() if submit_key else None


PLACES = dict(Place.choices)
"""Where a list may hang, code to words."""

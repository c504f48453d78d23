"""Entering a checked sheet of the hotline, order by order: each is one transaction, and becomes a need once."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, Refused, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import move
from unionhome.kit.codes import mask_numbers
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.actions.intake import ENTER, item_of, judge_rows, keep_lines
from unionhome.services.helpdesk.actions.orders import known_text, open_order
from unionhome.services.helpdesk.models import HotlineOrder, HotlineSheet
from unionhome.services.helpdesk.queries.hotline import DAY, HOTLINE, list_old_sheets
from unionhome.services.helpdesk.queries.hotline import list_rows as list_ready
from unionhome.services.helpdesk.rules.hotline import OTHER, Line, OrderRow, Outcome
from unionhome.services.helpdesk.workflow import SHEET


@transaction.atomic
def apply_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "", in_background: bool = True) -> HotlineSheet:
    """Confirm what the check foresaw and queue the entry. Raises NotFound, Forbidden, Refused."""
    return _confirm(actor, sheet_id, "apply", submit_key, in_background)


@transaction.atomic
def resume_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "", in_background: bool = True) -> HotlineSheet:
    """Enter a sheet whose entry stopped, in the name of whoever asks. Raises NotFound, Forbidden, Refused."""
    return _confirm(actor, sheet_id, "resume", submit_key, in_background)


def _confirm(actor: Actor, sheet_id: int, verb: str, submit_key: str, in_background: bool) -> HotlineSheet:
    sheet = queries.get_sheet(actor, sheet_id)
    takes = sheet.row_count > sheet.preview.get(Outcome.REFUSED.value, 0)
    was = sheet.state
    step = move(actor, SHEET, sheet, verb, item=item_of(sheet), facts={"takes": takes}, submit_key=submit_key)
    if was in SHEET.transition(verb).sources:
        sheet.confirmed_by_id, sheet.problem = actor.user_id, ""
        sheet.save(update_fields=["confirmed_by", "problem"])
        if in_background:
            resolve(ENTER).using(key=f"helpdesk.sheet:{sheet.pk}:enter:{step.pk}").enqueue(sheet.pk)
    return sheet


@transaction.atomic
def stall_sheet(actor: Actor, sheet_id: int, sentence: str) -> None:
    """Say on the sheet why its entry stopped, and let anybody of the branch take it up again."""
    sheet = HotlineSheet.objects.select_for_update(of=("self",)).select_related("node").get(pk=sheet_id)
    if sheet.state == "applying":
        sheet.problem = mask_numbers(sentence)[:300]
        sheet.save(update_fields=["problem"])
        move(actor, SHEET, sheet, "stall", item=replace(item_of(sheet), assignee_id=None))


def enter_sheet(actor: Actor, sheet_id: int) -> HotlineSheet:
    """Make needs of the rows of a confirmed sheet. May run again after any death: what is entered stays entered.

    `actor` is whoever confirmed it: the permission is asked for again, and every row judged again. Raises NotFound,
    Forbidden.
    """
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state != "applying":
        return sheet
    actor.require(HOTLINE, sheet.node.path)
    rows = list_ready(sheet)
    judged = dict(zip(rows, judge_rows(actor, sheet, rows), strict=True))
    router = queries.OrderRouter(sheet.node)
    lines = [_enter(actor, sheet, row, line, router) for row, line in judged.items()]
    return _finish(actor, sheet.pk, lines)


def _enter(actor: Actor, sheet: HotlineSheet, row: OrderRow, line: Line, router: queries.OrderRouter) -> Line:
    """One order; known where another sheet or another cadre was first, also at this moment."""
    if line.outcome != Outcome.NEW.value:
        return line
    category = router.category(row) or OTHER
    try:
        order, made = open_order(actor, row, category=category, hide=router.is_hidden(row), router=router, sheet=sheet)
    except Refused as refused:
        return line._replace(outcome=Outcome.REFUSED.value, code=refused.code, note=refused.sentence)
    return line if made else line._replace(outcome=Outcome.KNOWN.value, note=known_text(actor, order))


@transaction.atomic
def _finish(actor: Actor, sheet_id: int, lines: list[Line]) -> HotlineSheet:
    sheet = HotlineSheet.objects.select_for_update(of=("self",)).select_related("node").get(pk=sheet_id)
    if sheet.state != "applying":
        return sheet
    own = set(HotlineOrder.objects.filter(sheet=sheet).values_list("number", flat=True))
    lines = [line._replace(outcome=Outcome.NEW.value, note="") if line.order in own else line for line in lines]
    foreseen = dict(sheet.preview)
    sheet.counts = keep_lines(sheet, lines, queries.list_refusals(sheet))
    sheet.preview, sheet.rows_sealed, sheet.applied_at = foreseen, b"", actor.at
    sheet.save()
    count = sheet.counts.get(Outcome.NEW.value, 0)
    record(
        actor,
        "helpdesk.sheet.entered",
        node=sheet.node,
        about=sheet,
        summary=f"按 12351 工单表“{sheet.name}”登记诉求{count}件"[:300],
        data={"count": count, "sha256": sheet.digest},
    )
    move(Actor.system("entry of a sheet", actor.at), SHEET, sheet, "finish", item=item_of(sheet))
    return sheet


def note_download(actor: Actor, sheet: HotlineSheet) -> None:
    """That somebody took the refused rows, with names and phones in clear."""
    count = sum(sheet.reasons.values())
    record(
        actor,
        "helpdesk.sheet.downloaded",
        node=sheet.node,
        about=sheet,
        summary=f"下载 12351 工单表“{sheet.name}”里没有收的{count}行"[:300],
        data={"count": count},
    )


def note_return(actor: Actor, node: Node, count: int) -> None:
    """That somebody took the outcomes of orders to send them back to the hotline."""
    actor.require(HOTLINE, node.path)
    record(
        actor,
        "helpdesk.order.returned",
        node=node,
        about=node,
        summary=f"导出 12351 工单的办理结果{count}件",
        data={"count": count},
    )


def erase_old_sheets(actor: Actor) -> int:
    """Erase file, rows and lines of sheets that policy keeps no longer; counts stay. How many."""
    days = int(get_value("helpdesk.sheet_days", timezone.localdate(actor.at)))
    old = list(list_old_sheets(actor.at - days * DAY))
    for sheet in old:
        _erase(actor, sheet)
    return len(old)


@transaction.atomic
def _erase(actor: Actor, sheet: HotlineSheet) -> None:
    """One that nobody confirmed is given up; one whose entry stopped is ended."""
    system = Actor.system("retention of sheets", actor.at)
    if sheet.state in ("uploaded", "checked"):
        move(system, SHEET, sheet, "cancel", item=item_of(sheet))
    elif sheet.state == "stalled":
        move(system, SHEET, sheet, "end", item=item_of(sheet))
    files.erase_files(actor, sheet, reason="工单表保存期满")
    HotlineSheet.objects.filter(pk=sheet.pk).update(
        rows_sealed=b"", refused_sealed=b"", lines_sealed=b"", erased_at=actor.at
    )

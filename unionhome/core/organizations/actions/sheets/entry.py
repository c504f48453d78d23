"""Entering a checked sheet in one act: all of it or nothing, judged once more, once however often asked."""

from collections import Counter
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.changes.many import change_unions
from unionhome.core.organizations.actions.foundings.many import found_unions
from unionhome.core.organizations.actions.sheets.intake import ENTER, item_of, judge_rows
from unionhome.core.organizations.models import Organization, UnionSheet
from unionhome.core.organizations.queries import sheets as queries
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.organizations.rules.sheet_judging import Verdict
from unionhome.core.organizations.rules.sheets import TEMPLATE, Outcome
from unionhome.core.organizations.sheets import texts_of
from unionhome.core.organizations.workflow import SHEET
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import move
from unionhome.kit.codes import mask_numbers
from unionhome.kit.sheets import Refusal


@transaction.atomic
def apply_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "", in_background: bool = True) -> UnionSheet:
    """Confirm what the check foresaw and queue the entry. Raises NotFound, Forbidden, Refused."""
    return _confirm(actor, sheet_id, "apply", submit_key, in_background)


@transaction.atomic
def resume_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "", in_background: bool = True) -> UnionSheet:
    """Enter a sheet whose entry stopped, in the name of whoever asks. Raises NotFound, Forbidden, Refused."""
    return _confirm(actor, sheet_id, "resume", submit_key, in_background)


def _confirm(actor: Actor, sheet_id: int, verb: str, submit_key: str, in_background: bool) -> UnionSheet:
    sheet = queries.get_sheet(actor, sheet_id)
    takes = sheet.row_count > sheet.preview.get(Outcome.REFUSED.value, 0)
    was = sheet.state
    step = move(actor, SHEET, sheet, verb, item=item_of(sheet), facts={"takes": takes}, submit_key=submit_key)
    if was in SHEET.transition(verb).sources:
        sheet.confirmed_by_id, sheet.problem = actor.user_id, ""
        sheet.save(update_fields=["confirmed_by", "problem"])
        if in_background:
            resolve(ENTER).using(key=f"organizations.sheet:{sheet.pk}:enter:{step.pk}").enqueue(sheet.pk)
    return sheet


@transaction.atomic
def stall_sheet(actor: Actor, sheet_id: int, sentence: str) -> None:
    """Say on the sheet why its entry stopped, and let anybody of the branch take it up again."""
    sheet = UnionSheet.objects.select_for_update(of=("self",)).select_related("node").get(pk=sheet_id)
    if sheet.state == "applying":
        sheet.problem = mask_numbers(sentence)[:300]
        sheet.save(update_fields=["problem"])
        move(actor, SHEET, sheet, "stall", item=replace(item_of(sheet), assignee_id=None))


@transaction.atomic
def enter_sheet(actor: Actor, sheet_id: int) -> UnionSheet:
    """Enter the rows of a confirmed sheet, all in one transaction; a sheet that is entered already stays as it is.

    `actor` is whoever confirmed it: the permission is asked for again, and every row judged again. Raises NotFound,
    Forbidden, Refused where the register has changed so that the whole cannot be entered.
    """
    Organization.objects.select_for_update(of=("self",)).get(node__parent=None)  # one sheet after another
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state != "applying":
        return sheet
    actor.require(queries.IMPORT, sheet.node.path)
    rows = queries.read_rows(sheet)
    verdicts = judge_rows(actor, sheet, rows)
    by_outcome = {outcome: [row for row in rows if verdicts[row.number].outcome is outcome] for outcome in Outcome}
    found_unions(actor, by_outcome[Outcome.NEW])
    standing = [*by_outcome[Outcome.CHANGED], *by_outcome[Outcome.MOVED]]
    change_unions(actor, [(row, verdicts[row.number].changed) for row in standing], on=timezone.localdate(actor.at))
    _close(sheet, verdicts, by_outcome[Outcome.REFUSED])
    sheet.applied_at = actor.at
    sheet.save()
    record(
        actor,
        "organizations.sheet.entered",
        node=sheet.node,
        about=sheet,
        summary=f"按组织表“{sheet.name}”新建{sheet.counts.get('n', 0)}个、变更{len(standing)}个工会"[:300],
        data={"founded_count": sheet.counts.get("n", 0), "changed_count": len(standing), "sha256": sheet.digest},
    )
    move(Actor.system("entry of a sheet", actor.at), SHEET, sheet, "finish", item=item_of(sheet))
    return sheet


def _close(sheet: UnionSheet, verdicts: dict[int, Verdict], late: list[UnionRow]) -> None:
    """Put down what became of each row, and keep nothing of those that were entered."""
    now = iter(verdict.outcome.value for _, verdict in sorted(verdicts.items()))
    refused = Outcome.REFUSED.value
    sheet.outcomes = "".join(letter if letter == refused else next(now) for letter in sheet.outcomes)
    sheet.counts = dict(Counter(sheet.outcomes))
    sheet.rows_sealed = b""
    if late:
        kept = queries.list_refusals(sheet)
        for row in late:
            verdict, cells = verdicts[row.number], dict(zip(TEMPLATE, texts_of(row), strict=True))
            kept.append(Refusal(row.number, verdict.code, verdict.sentence, [cells[name] for name in sheet.columns]))
        sheet.refused_sealed = queries.pack(sorted(kept))
        sheet.reasons = dict(Counter(each.code for each in kept))


def note_download(actor: Actor, sheet: UnionSheet) -> None:
    """That somebody took the refused rows."""
    count = sum(sheet.reasons.values())
    record(
        actor,
        "organizations.sheet.downloaded",
        node=sheet.node,
        about=sheet,
        summary=f"下载组织表“{sheet.name}”里没有收的{count}行"[:300],
        data={"count": count},
    )


@transaction.atomic
def export_unions(actor: Actor, node: Node | None, count: int) -> None:
    """That unions were written out as a sheet. Raises Forbidden."""
    actor.require(queries.IMPORT, node.path if node else None)
    record(actor, "organizations.sheet.exported", node=node, about=node, summary=f"导出工会组织{count}个",
           data={"count": count})  # fmt: skip


def erase_old_sheets(actor: Actor) -> int:
    """Erase file, rows and samples of sheets that policy keeps no longer; counts stay. How many."""
    days = int(get_value("organizations.sheet_days", timezone.localdate(actor.at)))
    old = list(queries.list_old_sheets(actor.at - days * queries.DAY))
    for sheet in old:
        _erase(actor, sheet)
    return len(old)


@transaction.atomic
def _erase(actor: Actor, sheet: UnionSheet) -> None:
    """One that nobody confirmed is given up; one whose entry stopped is ended."""
    system = Actor.system("retention of sheets", actor.at)
    if sheet.state in ("uploaded", "checked"):
        move(system, SHEET, sheet, "cancel", item=item_of(sheet))
    elif sheet.state == "stalled":
        move(system, SHEET, sheet, "end", item=item_of(sheet))
    files.erase_files(actor, sheet, reason="组织表保存期满")
    UnionSheet.objects.filter(pk=sheet.pk).update(rows_sealed=b"", refused_sealed=b"", samples={}, erased_at=actor.at)

"""Handing in a sheet of unions and checking it: the file is sealed, every row read once and judged, nothing entered."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.files.queries import get_content, list_files
from unionhome.core.files.rules import clean_name
from unionhome.core.organizations.models import UnionSheet
from unionhome.core.organizations.queries import sheets as queries
from unionhome.core.organizations.rules import sheets as rules
from unionhome.core.organizations.rules.rows import UnionRow
from unionhome.core.organizations.rules.sheet_judging import Judge, Verdict, label_of_change
from unionhome.core.organizations.rules.sheets import Outcome, UnionReader
from unionhome.core.organizations.workflow import SHEET
from unionhome.core.registry import Actor, BadInput, Refused, resolve
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers
from unionhome.kit.sheets import Refusal, SheetRefused, Table, Wrong, proper_names, read_table

MOST_ROWS, MOST_COLUMNS = 65_536, 200
SAMPLES, SHOWN_UNKNOWN = 8, 40
CHECK, ENTER = "unionhome.core.organizations.jobs.check_sheet", "unionhome.core.organizations.jobs.enter_sheet"

Progress = Callable[[int, int], None]


def hand_in_sheet(
    actor: Actor, data: bytes, *, name: str, submit_key: str = "", in_background: bool = True
) -> UnionSheet:
    """Seal the file and queue its check. Raises Forbidden, BadInput for a file that is no table, Refused before the
    city's own federation stands."""
    node = queries.find_own_branch(actor)
    if node is None:
        raise Refused("系统里还没有市总工会，先装入行政区划、建立市总工会。", "no-root")
    actor.require(queries.IMPORT, node.path)
    content = files.prepare_sheet(actor, data, name=name, node=node)
    with transaction.atomic():
        earlier = UnionSheet.objects.filter(submit_key=submit_key).first() if submit_key else None
        if earlier is not None:
            return earlier
        sheet = UnionSheet.objects.create(
            node=node,
            user_id=actor.user_id,
            state=SHEET.initial,
            name=clean_name(name, "", "组织表"),
            digest=content.digest,
            created_at=actor.at,
            submit_key=submit_key or None,
        )
        files.attach(actor, content, node=node, about_model="organizations.unionsheet", about_id=sheet.pk)
        start(actor, SHEET, sheet, item_of(sheet))
        if in_background:
            resolve(CHECK).using(key=f"organizations.sheet:{sheet.pk}:check").enqueue(sheet.pk)
    return sheet


def item_of(sheet: UnionSheet) -> ItemFacts:
    """What the inbox shows of a sheet."""
    size = f"，{sheet.row_count}行" if sheet.row_count else ""
    return ItemFacts(
        node=sheet.node,
        title=f"组织表“{sheet.name}”{size}"[:120],
        url=reverse("organizations:sheet", args=[sheet.pk]),
        kind_label="组织导入",
        icon="file-import",
        origin="上传" if sheet.user_id else "命令行",
        assignee_id=sheet.user_id,
    )


@transaction.atomic
def cancel_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "") -> UnionSheet:
    """Give a sheet up before anything of it was entered. Raises NotFound, Forbidden, Refused."""
    sheet = queries.get_sheet(actor, sheet_id)
    move(actor, SHEET, sheet, "cancel", item=item_of(sheet), submit_key=submit_key)
    return sheet


# -- the check -------------------------------------------------------------------------------------------------------


def check_sheet(actor: Actor, sheet_id: int, *, progress: Progress | None = None) -> UnionSheet:
    """Read the file, judge every row and keep the rows sealed. A check that was cut off starts again.

    What the file as a whole is refused for stands in `problem`; a refused file leaves no rows behind.
    """
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state != "uploaded":
        return sheet
    try:
        _check_table(actor, sheet, _read_file(sheet), progress)
    except (SheetRefused, Refused) as refused:
        return fail_check(actor, sheet.pk, refused.sentence)
    return _finish(actor, sheet)


def _read_file(sheet: UnionSheet) -> Table:
    file = list_files(sheet).get()
    known = (*rules.TEMPLATE, *rules.OTHER_NAMES)
    return read_table(get_content(file), file.name, known=known, max_rows=MOST_ROWS, max_columns=MOST_COLUMNS)


def _check_table(actor: Actor, sheet: UnionSheet, table: Table, progress: Progress | None) -> None:
    proper = dict(proper_names(table.columns, rules.OTHER_NAMES))
    sheet.columns = list(dict.fromkeys(proper.values()))
    sheet.unknown = [mask_numbers(text)[:40] for text in table.unknown[:SHOWN_UNKNOWN]]
    if missing := [name for name in rules.STARRED if name not in sheet.columns]:
        raise BadInput(f"组织表里缺少这些列：{'、'.join(missing)}。请用模板里的表头。", "sheet-columns")
    reader = UnionReader(timezone.localdate(actor.at), queries.list_division_codes().__contains__)
    rows: list[UnionRow] = []
    refused: list[Refusal] = []
    kept: dict[int, list[str]] = {}
    for number, cells in table.rows:
        given = {own: cells[name] for name, own in proper.items()}
        kept[number] = [given[column] for column in sheet.columns]
        try:
            rows.append(reader.read(number, given))
        except Wrong as wrong:
            refused.append(Refusal(number, wrong.code, wrong.sentence, kept[number]))
        if progress:
            progress(len(kept), 0)
    if not kept:
        raise BadInput("组织表里一行工会也没有，请核对文件。", "sheet-empty")
    verdicts = judge_rows(actor, sheet, rows)
    refused += [
        Refusal(number, verdict.code, verdict.sentence, kept[number])
        for number, verdict in verdicts.items()
        if verdict.outcome is Outcome.REFUSED
    ]
    _keep_outcomes(sheet, list(kept), rows, verdicts, sorted(refused))


def judge_rows(actor: Actor, sheet: UnionSheet, rows: Sequence[UnionRow]) -> dict[int, Verdict]:
    """What becomes of rows now, by number: the same for the check and, later, for the entry."""
    return Judge(rows, queries.get_register(), sheet.node.path, queries.get_reach_at(actor)).verdicts()


def _keep_outcomes(
    sheet: UnionSheet,
    numbers: Sequence[int],
    rows: Sequence[UnionRow],
    verdicts: dict[int, Verdict],
    refused: Sequence[Refusal],
) -> None:
    """Set what the check foresees on an unsaved sheet."""
    letters = {number: verdict.outcome.value for number, verdict in verdicts.items()}
    letters |= {each.number: Outcome.REFUSED.value for each in refused}
    ready = [row for row in rows if letters[row.number] != Outcome.REFUSED.value]
    sheet.outcomes = "".join(letters[number] for number in numbers)
    sheet.row_count = len(numbers)
    sheet.preview = dict(Counter(sheet.outcomes))
    sheet.reasons = dict(Counter(each.code for each in refused))
    sheet.rows_sealed, sheet.refused_sealed = queries.pack(ready), queries.pack(list(refused)) if refused else b""
    sheet.samples = _samples(ready, verdicts, refused, sheet.columns)


def _samples(
    rows: Sequence[UnionRow], verdicts: dict[int, Verdict], refused: Sequence[Refusal], columns: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """A few rows of each outcome; of refused ones some of every reason, so that a common one does not hide the others."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        verdict = verdicts[row.number]
        kept = found.setdefault(verdict.outcome.value, [])
        if len(kept) < SAMPLES:
            note = "、".join(map(label_of_change, verdict.changed))
            kept.append({"row": row.number, "code": row.code, "name": row.name, "note": note})
    kept = found.setdefault(Outcome.REFUSED.value, [])
    for each in refused:
        if sum(one["reason"] == each.code for one in kept) < 2 and len(kept) < 3 * SAMPLES:
            cells = dict(zip(columns, each.cells, strict=True))
            kept.append(
                {
                    "row": each.number,
                    "code": mask_numbers(cells.get(rules.CODE, ""))[:40],
                    "name": mask_numbers(cells.get(rules.NAME, ""))[:60],
                    "reason": each.code,
                    "note": mask_numbers(each.sentence),
                }
            )
    return found


CHECKED = (
    "columns", "unknown", "outcomes", "row_count", "preview", "reasons", "rows_sealed", "refused_sealed", "samples",
    "checked_at",
)  # fmt: skip


def _is_checking(sheet: UnionSheet) -> bool:
    return UnionSheet.objects.select_for_update().values_list("state", flat=True).get(pk=sheet.pk) == "uploaded"


@transaction.atomic
def _finish(actor: Actor, sheet: UnionSheet) -> UnionSheet:
    if not _is_checking(sheet):
        sheet.refresh_from_db()
        return sheet
    sheet.checked_at = actor.at
    sheet.save(update_fields=CHECKED)
    move(Actor.system("check of a sheet", actor.at), SHEET, sheet, "check", item=item_of(sheet))
    return sheet


@transaction.atomic
def fail_check(actor: Actor, sheet_id: int, sentence: str) -> UnionSheet:
    """Refuse the whole file, because its check cannot be brought to an end."""
    sheet = UnionSheet.objects.select_related("node").get(pk=sheet_id)
    if not _is_checking(sheet):
        return sheet
    sheet.problem, sheet.checked_at = mask_numbers(sentence)[:300], actor.at
    sheet.save(update_fields=["problem", "checked_at"])
    move(Actor.system("check of a sheet", actor.at), SHEET, sheet, "refuse", item=item_of(sheet))
    return sheet

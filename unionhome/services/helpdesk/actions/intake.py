"""Handing in a sheet of the 12351 hotline and checking it: the file is sealed, every row judged, nothing entered yet."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.files.queries import get_content, list_files
from unionhome.core.files.rules import clean_name
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers
from unionhome.kit.sheets import Refusal, SheetRefused, Table, Wrong, proper_names, read_table
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.actions.orders import judge_order
from unionhome.services.helpdesk.models import HotlineSheet, HotlineWord
from unionhome.services.helpdesk.queries.hotline import HOTLINE, count_words, get_place_names, get_sealed, list_known
from unionhome.services.helpdesk.queries.hotline import list_rows as list_ready
from unionhome.services.helpdesk.rules import hotline as rules
from unionhome.services.helpdesk.rules.hotline import Line, OrderReader, OrderRow, Outcome
from unionhome.services.helpdesk.workflow import CATEGORIES, SHEET

MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 2000, 60, 10 * 1024 * 1024
SHOWN_UNKNOWN, SHOWN_WORDS = 40, 30
CHECK, ENTER = "unionhome.services.helpdesk.jobs.check_sheet", "unionhome.services.helpdesk.jobs.enter_sheet"
NOT_YOURS = "12351 工单表由市、县（区）总工会上传；你们接到的单个工单，请用“登记一件工单”。"


def hand_in_sheet(
    actor: Actor,
    data: bytes,
    *,
    name: str,
    branch: Node | None = None,
    submit_key: str = "",
    in_background: bool = True,
) -> HotlineSheet:
    """Seal the file and queue its check; `branch` narrows what it may touch. Raises Forbidden for whom 12351 gives no
    sheets, BadInput for a file that is no table."""
    node = branch or queries.get_own_branch(actor)
    actor.require(HOTLINE, node.path)
    if not queries.may_take_orders(actor):
        raise Forbidden(NOT_YOURS)
    content = files.prepare_sheet(actor, data, name=name, node=node)
    with transaction.atomic():
        earlier = HotlineSheet.objects.filter(submit_key=submit_key).first() if submit_key else None
        if earlier is not None:
            return earlier
        sheet = HotlineSheet.objects.create(
            node=node,
            user_id=actor.user_id,
            state=SHEET.initial,
            name=clean_name(name, "", "工单表"),
            digest=content.digest,
            created_at=actor.at,
            submit_key=submit_key or None,
        )
        files.attach(actor, content, node=node, about_model="helpdesk.hotlinesheet", about_id=sheet.pk)
        start(actor, SHEET, sheet, item_of(sheet))
        if in_background:
            resolve(CHECK).using(key=f"helpdesk.sheet:{sheet.pk}:check").enqueue(sheet.pk)
    return sheet


def item_of(sheet: HotlineSheet) -> ItemFacts:
    """What the inbox shows of a sheet."""
    size = f"，{sheet.row_count}件" if sheet.row_count else ""
    return ItemFacts(
        node=sheet.node,
        title=f"12351 工单表“{sheet.name}”{size}"[:120],
        url=reverse("helpdesk:sheet", args=[sheet.pk]),
        kind_label="12351 工单",
        icon="file-import",
        origin="上传",
        assignee_id=sheet.user_id,
    )


@transaction.atomic
def cancel_sheet(actor: Actor, sheet_id: int, *, submit_key: str = "") -> HotlineSheet:
    """Give a sheet up before anything of it was entered. Raises NotFound, Forbidden, Refused."""
    sheet = queries.get_sheet(actor, sheet_id)
    move(actor, SHEET, sheet, "cancel", item=item_of(sheet), submit_key=submit_key)
    return sheet


def check_sheet(actor: Actor, sheet_id: int) -> HotlineSheet:
    """Read the file, judge every row and keep the rows sealed. A check that was cut off starts again.

    What the file as a whole is refused for stands in `problem`; a refused file leaves no rows behind.
    """
    sheet = queries.get_sheet(actor, sheet_id)
    if sheet.state != "uploaded":
        return sheet
    try:
        _check_table(actor, sheet, _read_file(sheet))
    except (SheetRefused, Refused) as refused:
        return fail_check(actor, sheet.pk, refused.sentence)
    return _finish(actor, sheet)


def _read_file(sheet: HotlineSheet) -> Table:
    file = list_files(sheet).get()
    known = (*rules.TEMPLATE, *rules.OTHER_NAMES)
    return read_table(
        get_content(file), file.name, known=known, max_rows=MOST_ROWS + 20, max_columns=MOST_COLUMNS,
        max_bytes=MOST_BYTES,
    )  # fmt: skip


def _check_table(actor: Actor, sheet: HotlineSheet, table: Table) -> None:
    proper = dict(proper_names(table.columns, rules.OTHER_NAMES))
    sheet.columns = list(dict.fromkeys(proper.values()))
    sheet.unknown = [mask_numbers(text)[:40] for text in table.unknown[:SHOWN_UNKNOWN]]
    if missing := [name for name in rules.STARRED if name not in sheet.columns]:
        raise BadInput(f"工单表里缺少这些列：{'、'.join(missing)}。请用模板里的表头。", "sheet-columns")
    reader = OrderReader(timezone.localtime(actor.at), get_place_names())
    rows: list[OrderRow] = []
    refused: list[Refusal] = []
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        given = {own: cells[name] for name, own in proper.items()}
        kept = [given[column] for column in sheet.columns]
        try:
            row = reader.read(number, given)
        except Wrong as wrong:
            refused.append(Refusal(number, wrong.code, wrong.sentence, kept))
            continue
        first = seen.setdefault(row.order, number)
        if first != number:
            refused.append(Refusal(number, "doubled", f"和第{first}行的工单编号相同，只收前面一行", kept))
        else:
            rows.append(row)
    if not rows and not refused:
        raise BadInput("工单表里一件工单也没有，请核对文件。", "sheet-empty")
    sheet.rows_sealed, sheet.refused_sealed = get_sealed(rows), get_sealed(refused)
    sheet.row_count = len(rows) + len(refused)
    keep_lines(sheet, judge_rows(actor, sheet, rows), refused)


def judge_rows(actor: Actor, sheet: HotlineSheet, rows: Sequence[OrderRow]) -> list[Line]:
    """What becomes of rows now, and which of their words nobody knows."""
    router = queries.OrderRouter(sheet.node)
    numbers = [row.order for row in rows]
    known, seen = list_known(numbers), queries.list_cases_of(actor, numbers)
    sheet.words = dict(list(count_words(rows, router).items())[:SHOWN_WORDS])
    return [judge_order(actor, row, router, known, seen) for row in rows]


def keep_lines(sheet: HotlineSheet, lines: Sequence[Line], refused: Sequence[Refusal]) -> dict[str, int]:
    """Set on an unsaved sheet what becomes of its rows, refused ones among them; rows by outcome."""
    every = list(lines)
    for each in refused:
        order = mask_numbers(dict(zip(sheet.columns, each.cells, strict=True)).get(rules.ORDER, ""))[:40]
        note = mask_numbers(each.sentence)
        every.append(Line(each.number, order, Outcome.REFUSED.value, each.code, note, "", ""))
    every.sort()
    sheet.lines_sealed = get_sealed(every)
    sheet.reasons = dict(Counter(line.code for line in every if line.outcome == Outcome.REFUSED.value))
    sheet.preview = rules.count_lines(every)
    return dict(sheet.preview)


CHECKED = (
    "columns", "unknown", "words", "row_count", "rows_sealed", "refused_sealed", "lines_sealed", "preview", "reasons",
    "checked_at",
)  # fmt: skip


def _is_in(sheet: HotlineSheet, state: str) -> bool:
    """Whether the sheet is still in a state, locked."""
    return HotlineSheet.objects.select_for_update().values_list("state", flat=True).get(pk=sheet.pk) == state


@transaction.atomic
def _finish(actor: Actor, sheet: HotlineSheet) -> HotlineSheet:
    if not _is_in(sheet, "uploaded"):
        sheet.refresh_from_db()
        return sheet
    sheet.checked_at = actor.at
    sheet.save(update_fields=CHECKED)
    move(Actor.system("check of a sheet", actor.at), SHEET, sheet, "check", item=item_of(sheet))
    return sheet


@transaction.atomic
def fail_check(actor: Actor, sheet_id: int, sentence: str) -> HotlineSheet:
    """Refuse the whole file, because its check cannot be brought to an end."""
    sheet = HotlineSheet.objects.select_related("node").get(pk=sheet_id)
    if not _is_in(sheet, "uploaded"):
        return sheet
    sheet.problem, sheet.checked_at = mask_numbers(sentence)[:300], actor.at
    sheet.save(update_fields=["problem", "checked_at"])
    move(Actor.system("check of a sheet", actor.at), SHEET, sheet, "refuse", item=item_of(sheet))
    return sheet


@transaction.atomic
def save_words(actor: Actor, sheet_id: int, meanings: dict[str, str]) -> HotlineSheet:
    """Keep for the branch which categories the sheet's unknown words mean, and judge its rows anew.

    Raises NotFound, Forbidden, Refused once it is confirmed, BadInput for a category that does not exist.
    """
    sheet = queries.get_sheet(actor, sheet_id)
    actor.require(HOTLINE, sheet.node.path)
    if not _is_in(sheet, "checked"):
        raise Refused("这份工单表已经确认或者不登记了，不能再改类别。", "sheet-not-checked")
    codes = {each.code for each in CATEGORIES}
    chosen = {word: code for word, code in meanings.items() if code and word in sheet.words}
    if not set(chosen.values()) <= codes:
        raise BadInput("请选一个类别。", "unknown-category")
    for word, code in chosen.items():
        facts = {"category": code, "saved_at": actor.at}
        HotlineWord.objects.update_or_create(node=sheet.node, word=word, defaults=facts)
    keep_lines(sheet, judge_rows(actor, sheet, list_ready(sheet)), queries.list_refusals(sheet))
    sheet.save(update_fields=["words", "lines_sealed", "preview", "reasons"])
    return sheet

"""`unionhome import-organizations` and `unionhome export-organizations`."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from unionhome.core.organizations import actions, queries, sheets
from unionhome.core.organizations.models import UnionSheet
from unionhome.core.organizations.rules.sheets import Outcome, reason_label
from unionhome.core.registry import Actor, Command, Refused
from unionhome.kit import crypto
from unionhome.kit.sheets import write_refused


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls or .csv with the template's headers")
    parser.add_argument("--preview", action="store_true", help="check and tell, enter nothing")
    parser.add_argument("--resume", action="store_true", help="go on with the same file where it was cut off")
    parser.add_argument("--result", type=Path, metavar="OUT.xlsx", help="write the refused rows and their reasons here")


def _import(options: Namespace, actor: Actor) -> int:
    if options.result is not None and not options.result.resolve().parent.is_dir():
        raise Refused(f"没有文件夹 {options.result.parent}，结果写不进去。", "no-folder")
    sheet = _find_or_open(options, actor, _read(options.file))
    if sheet.state == "uploaded":
        sheet = actions.check_sheet(actor, sheet.pk, progress=_show)
        _end_line()
    if sheet.state == "refused":
        raise Refused(sheet.problem, "sheet-refused")
    none_taken = sheet.row_count == sheet.preview.get(Outcome.REFUSED.value, 0)
    if sheet.state == "checked" and (options.preview or none_taken):
        _tell(sheet, sheet.preview, "只检查，没有登记")
        _write_result(options.result, sheet)
        actions.cancel_sheet(actor, sheet.pk)
        return 0 if options.preview else 1
    _enter(actor, sheet)
    sheet = queries.get_sheet(actor, sheet.pk)
    _tell(sheet, sheet.counts, "登记完")
    _write_result(options.result, sheet)
    return 0


def _find_or_open(options: Namespace, actor: Actor, data: bytes) -> UnionSheet:
    """The sheet of the same file that was cut off, where it is to be gone on with; else a new one."""
    found = queries.find_unfinished(actor, crypto.digest(data))
    if found is not None and options.resume:
        return found
    if found is not None and found.state in ("applying", "stalled") and not options.preview:
        raise Refused("这个文件上次没有登记完，请加 --resume 接着登记。", "sheet-unfinished")
    if found is not None and found.state in ("uploaded", "checked"):
        actions.cancel_sheet(actor, found.pk)
    return actions.hand_in_sheet(actor, data, name=options.file.name, in_background=False)


def _enter(actor: Actor, sheet: UnionSheet) -> None:
    if sheet.state == "checked":
        actions.apply_sheet(actor, sheet.pk, in_background=False)
    if sheet.state == "stalled":
        actions.resume_sheet(actor, sheet.pk, in_background=False)
    try:
        actions.enter_sheet(actor, sheet.pk)
    except Refused as refused:
        actions.stall_sheet(actor, sheet.pk, f"没有登记：{refused.sentence}")
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"读不了文件 {path}：{error.strerror}", "unreadable") from error


def _write_result(path: Path | None, sheet: UnionSheet) -> None:
    if path is not None:
        count = write_refused(path, sheet.columns, queries.list_refusals(sheet))
        print(f"没有收的{count}行和原因写在 {path}")


def _tell(sheet: UnionSheet, counts: dict[str, int], words: str) -> None:
    print(f"{sheet.name}：{sheet.row_count}行，{words}")
    if sheet.unknown:
        print(f"没有用到的列：{'、'.join(sheet.unknown)}")
    for outcome in Outcome:
        print(f"{outcome.label:<8}{counts.get(outcome.value, 0):>9}")
    for code, count in sorted(sheet.reasons.items(), key=lambda each: -each[1]):
        print(f"  {reason_label(code)}：{count}")


def _show(done: int, _: int) -> None:
    if sys.stderr.isatty() and done % 500 == 0:
        sys.stderr.write(f"\r\033[K检查 {done} 行")
        sys.stderr.flush()


def _end_line() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def _configure_export(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx")


def _export(options: Namespace, actor: Actor) -> int:
    union = queries.get_organization_by_code(actor, options.organization)
    unions = queries.list_organizations(actor, queries.Filters(), under=union.node)
    count = sheets.export_workbook(options.out, queries.list_export_rows(unions))
    actions.export_unions(actor, union.node, count)
    print(f"{union.node.name}：{count}个工会写在 {options.out}")
    return 0


COMMANDS = (
    Command(
        "import-organizations",
        "check a sheet of unions and enter it",
        "unionhome import-organizations unions.xlsx --result refused.xlsx",
        _configure,
        _import,
    ),
    Command(
        "export-organizations",
        "write the unions of a branch as a sheet",
        "unionhome export-organizations --organization 610502 unions.xlsx",
        _configure_export,
        _export,
    ),
)

"""`unionhome import-roster` and `unionhome export-roster`."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from unionhome.core.members import actions, queries, sheets
from unionhome.core.members.models import RosterImport
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster_judging import reason_label
from unionhome.core.registry import Actor, Command, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_node
from unionhome.kit import crypto

BAR = 30


def _configure_import(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls or .csv with the template's headers")
    parser.add_argument("--organization", metavar="CODE", help="touch only this union and what lies below it")
    parser.add_argument("--preview", action="store_true", help="check and tell, enter nothing")
    parser.add_argument("--resume", action="store_true", help="go on with the same file where it was cut off")
    parser.add_argument("--result", type=Path, metavar="OUT.xlsx", help="write the refused rows and their reasons here")


def _configure_export(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE")
    parser.add_argument("out", type=Path, metavar="OUT.xlsx", help="holds whole numbers: keep it safe")


def _import(options: Namespace, actor: Actor) -> int:
    data = _read(options.file)
    _check_place(options.result)
    roster = _find_or_open(options, actor, data)
    show = _Bar()
    if roster.state == "uploaded":
        roster = actions.check_roster(actor, roster.pk, progress=show.checked)
        show.end()
    if roster.state == "refused":
        raise Refused(roster.problem, "roster-refused")
    if options.preview:
        return _end_without_entering(options, actor, roster, 0)
    if roster.state == "checked" and roster.row_count == roster.preview.get(Outcome.REFUSED.value, 0):
        print("每一行都没有收，什么也没有登记。", file=sys.stderr)
        return _end_without_entering(options, actor, roster, 1)
    if roster.state == "checked":
        roster = actions.apply_roster(actor, roster.pk, in_background=False)
    if roster.state == "stalled":
        roster = actions.resume_roster(actor, roster.pk, in_background=False)
    roster = actions.enter_roster(actor, roster.pk, progress=show.entered)
    show.end()
    _tell(roster, roster.counts, "登记完")
    _write_result(options.result, roster)
    return 0


def _end_without_entering(options: Namespace, actor: Actor, roster: RosterImport, code: int) -> int:
    _tell(roster, roster.preview, "只检查，没有登记")
    _write_result(options.result, roster)
    if roster.state == "checked":
        actions.cancel_roster(actor, roster.pk)
    return code


def _find_or_open(options: Namespace, actor: Actor, data: bytes) -> RosterImport:
    branch = _node(options.organization) if options.organization else None
    found = queries.find_unfinished(actor, crypto.digest(data), branch or queries.find_own_branch(actor))
    if found is not None and options.resume:
        return found
    if found is not None and found.state in ("applying", "stalled") and not options.preview:
        raise Refused("这个文件上次没有登记完，请加 --resume 接着登记。", "roster-unfinished")
    if found is not None and found.state not in ("applying", "stalled"):
        actions.cancel_roster(actor, found.pk)
    return actions.hand_in_roster(actor, data, name=options.file.name, branch=branch, in_background=False)


def _node(code: str) -> Node:
    node = find_node(code)
    if node is None:
        raise Refused(f"没有编码是 {code} 的工会。", "unknown-organization")
    return node


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"读不了文件 {path}：{error.strerror}", "unreadable") from error


def _check_place(path: Path | None) -> None:
    if path is not None and not path.resolve().parent.is_dir():
        raise Refused(f"没有文件夹 {path.parent}，结果写不进去。", "no-folder")


def _write_result(path: Path | None, roster: RosterImport) -> None:
    if path is not None:
        count = sheets.refused_workbook(path, roster.columns, queries.list_refusals(roster))
        print(f"没有收的{count}行和原因写在 {path}")


def _tell(roster: RosterImport, counts: dict[str, int], words: str) -> None:
    print(f"{roster.name}：{roster.row_count}行，{words}")
    if roster.unknown:
        print(f"没有用到的列：{'、'.join(roster.unknown)}")
    for outcome in Outcome:
        print(f"{outcome.label:<8}{counts.get(outcome.value, 0):>9}")
    for code, count in sorted(roster.reasons.items(), key=lambda each: -each[1]):
        print(f"  {reason_label(code)}：{count}")
    if roster.missing_count:
        print(f"登记在会、名册里没有的：{roster.missing_count}人（不会因此退会）")


class _Bar:
    """A line that fills, on a terminal only."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()

    def checked(self, done: int, _: int) -> None:
        self._show(f"检查 {done} 行")

    def entered(self, done: int, total: int) -> None:
        filled = BAR * done // max(1, total)
        self._show(f"登记 [{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}")

    def _show(self, text: str) -> None:
        if self.is_shown:
            sys.stderr.write(f"\r\033[K{text}")
            sys.stderr.flush()

    def end(self) -> None:
        if self.is_shown:
            sys.stderr.write("\r\033[K")


def _export(options: Namespace, actor: Actor) -> int:
    node = _node(options.organization)
    _check_place(options.out)
    actions.export_roster(actor, node)
    members = queries.list_for_export(actor, node)
    count = sheets.export_workbook(options.out, members, sheet_name="会员名册")
    print(f"{node.name}：{count}名会员写在 {options.out}，号码完整，请妥善保管")
    return 0


COMMANDS = (
    Command(
        "import-roster",
        "check a roster of members and enter it",
        "unionhome import-roster roster.xlsx --organization 610502001 --result refused.xlsx",
        _configure_import,
        _import,
    ),
    Command(
        "export-roster",
        "write the members of a branch as a roster",
        "unionhome export-roster --organization 610502001 roster.xlsx",
        _configure_export,
        _export,
    ),
)

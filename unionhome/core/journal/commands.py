"""`unionhome verify`: follow the hash chains of the journal, here or in an export."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from unionhome.core.journal import queries
from unionhome.core.journal.rules import Fault, find_export_faults
from unionhome.core.registry import Actor, BadInput, Command


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("export", nargs="?", type=Path, metavar="EXPORT", help="a file exported from the journal page")


def _verify(options: Namespace, actor: Actor) -> int:
    """Exit 1 and name the place of each fault; silence about faults is proof up to the heads of the chains."""
    faults = 0
    for fault in _faults_of_file(options.export) if options.export else queries.find_faults():
        faults += 1
        print(fault.sentence)
    if faults:
        print(f"日志链不完整：{faults}处")
        return 1
    if options.export:
        print("导出文件里的日志链完整")
    else:
        waiting = queries.count_waiting()["unsealed"]
        print(f"日志链完整：{queries.count_entries()}条，另有{waiting}条待封存；总摘要：{queries.get_heads_digest()}")
    return 0


def _faults_of_file(path: Path) -> Iterator[Fault]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from find_export_faults(lines)
    except (OSError, ValueError) as error:
        raise BadInput(f"读不了这个文件：{error}", "bad-export") from error


COMMANDS = (
    Command(
        "verify",
        "follow the hash chains of the journal, in the database or in an export",
        "unionhome verify journal-2026-11-22.jsonl",
        _configure,
        _verify,
    ),
)

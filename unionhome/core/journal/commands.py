"""`unionhome verify`: follow the hash chains of the journal, here or in an export, and what other rooms have to check."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from zipfile import is_zipfile

from unionhome.core.journal import queries
from unionhome.core.journal.rules import Fault, find_export_faults
from unionhome.core.registry import Actor, BadInput, Check, Command, discover
from unionhome.kit import verifier


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "export", nargs="?", type=Path, metavar="EXPORT", help="a journal export, or a proof of published figures (zip)"
    )
    parser.add_argument(
        "--fingerprint",
        action="append",
        default=[],
        help="for a proof: the fingerprint of the key, got from elsewhere; again for each key",
    )


def _verify(options: Namespace, actor: Actor) -> int:
    """Exit 1 and name the place of each fault; silence about faults is proof up to the heads of the chains."""
    if options.export and is_zipfile(options.export):
        return _verify_proof(options.export, options.fingerprint)
    faults = 0
    for fault in _faults_of_file(options.export) if options.export else queries.find_faults():
        faults += 1
        print(fault.sentence)
    code = 1 if faults else 0
    if faults:
        print(f"日志链不完整：{faults}处")
    elif options.export:
        print("导出文件里的日志链完整")
    else:
        waiting = queries.count_waiting()["unsealed"]
        print(f"日志链完整：{queries.count_entries()}条，另有{waiting}条待封存；总摘要：{queries.get_heads_digest()}")
    return code if options.export else max(code, _verify_rooms())


def _verify_rooms() -> int:
    """What other rooms look over; every room is heard, whatever the one before it found."""
    code = 0
    checks: tuple[Check, ...] = discover("commands", "CHECKS")
    for check in checks:
        faults = 0
        for sentence in check.find():
            faults += 1
            print(sentence)
        print(f"{check.title}有问题：{faults}处" if faults else check.said())
        code = 1 if faults else code
    return code


def _verify_proof(path: Path, fingerprints: list[str]) -> int:
    """A proof of published figures, by the very program that is shipped with it."""
    if not fingerprints:
        raise BadInput("核验包要用 --fingerprint 写明密钥指纹，指纹从公告上抄，不从核验包里抄。", "no-fingerprint")
    return verifier.main([str(path), *(word for text in fingerprints for word in ("--fingerprint", text))])


def _faults_of_file(path: Path) -> Iterator[Fault]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from find_export_faults(lines)
    except (OSError, ValueError) as error:
        raise BadInput(f"读不了这个文件：{error}", "bad-export") from error


COMMANDS = (
    Command(
        "verify",
        "follow the hash chains of the journal, in the database or in an export, and count the ledger anew; "
        "check a proof of published figures",
        "unionhome verify journal-2026-11-22.jsonl",
        _configure,
        _verify,
    ),
)

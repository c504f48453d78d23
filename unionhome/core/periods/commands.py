"""`unionhome close-period`: close a year at a federation."""

from argparse import ArgumentParser, Namespace

from unionhome.core.periods import actions
from unionhome.core.registry import Actor, Command, Refused
from unionhome.core.tree.queries import find_node
from unionhome.kit.dates import Period


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE", help="code of the federation")
    parser.add_argument("--year", required=True, type=int, choices=range(1949, 2200), metavar="YEAR")
    parser.add_argument("--with-below", action="store_true", help="close what is still open below along with it")


def _close(options: Namespace, actor: Actor) -> int:
    node = find_node(options.organization)
    if node is None:
        raise Refused(f"没有编码是 {options.organization} 的工会。", "unknown-organization")
    done = actions.close_period(actor, node, Period.year(options.year), with_below=options.with_below)
    print(f"{node.name}{options.year}年已封账，下级 {done.below} 个一并封账")
    return 0


COMMANDS = (
    Command(
        "close-period",
        "close a year at a federation, so that nothing more is written for its days there or below",
        "unionhome close-period --organization 610500 --year 2021 --with-below",
        _configure,
        _close,
    ),
)

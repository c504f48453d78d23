"""`unionhome verify-totals` and `unionhome place-records`."""

import sys
from argparse import ArgumentParser, Namespace

from unionhome.core.members.actions import recompute_counts, verify_counts
from unionhome.core.records import actions
from unionhome.core.registry import Actor, Command, Refused
from unionhome.core.tree.queries import find_any_node, find_node

MOST_NAMED = 20


def _configure_verify(parser: ArgumentParser) -> None:
    parser.add_argument("--rebuild", action="store_true", help="make all totals anew from the records first")


def _configure_place(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE", help="the union whose past was put right")


def _verify(options: Namespace, actor: Actor) -> int:
    if options.rebuild:
        print(f"重算了 {actions.recompute_totals()} 项合计，重数了 {recompute_counts()} 个工会的会员。")
    count, shown = actions.verify_totals()
    wrong = verify_counts()
    for each in shown:
        print(
            f"{each.above}/{each.place} {each.kind} {each.begins_on} {each.service}: "
            f"存的是 {each.kept}，记录是 {each.counted}",
            file=sys.stderr,
        )
    for node_id in wrong[:MOST_NAMED]:
        print(f"{find_any_node(node_id)}: 存的会员数与会籍记录不符", file=sys.stderr)
    if count or wrong:
        said = [f"{count} 项合计与记录不符"] if count else []
        said += [f"{len(wrong)} 个工会的会员数与会籍记录不符"] if wrong else []
        raise Refused(f"{'，'.join(said)}，请用 --rebuild 重算。", "totals-differ")
    print("合计与记录完全一致。")
    return 0


def _place(options: Namespace, actor: Actor) -> int:
    node = find_node(options.organization)
    if node is None:
        raise Refused(f"没有编码是 {options.organization} 的工会。", "unknown-organization")
    placed = actions.correct_places(actor, node)
    print(f"重新归属了 {placed.moved} 条服务记录。")
    if placed.kept:
        print(f"另有 {placed.kept} 条在已经封账的期间，没有动；要改，请上级工会先重新开账。")
    return 0


COMMANDS = (
    Command(
        "verify-totals",
        "count the totals of service records and the members of unions anew and compare them with those kept",
        "unionhome verify-totals",
        _configure_verify,
        _verify,
    ),
    Command(
        "place-records",
        "freeze anew where unions of a branch stood on the days of their records, after a wrong parent was corrected",
        "unionhome place-records --organization 610502001",
        _configure_place,
        _place,
    ),
)

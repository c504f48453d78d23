"""Figures and the yearly review on the command line."""

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils import timezone

from unionhome.core.figures import actions, papers, queries
from unionhome.core.figures.rules.periods import of_year
from unionhome.core.figures.rules.shown import as_facts, unit_of
from unionhome.core.registry import Actor, Command, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_node
from unionhome.kit.dates import Period, day_text
from unionhome.kit.sheets import safe_cell

Asked = tuple[Actor, str, Node, Period]


def _ask_organization(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE", help="code of the union, 610500 for the city")
    parser.add_argument("--year", required=True, type=int)


def _configure_figures(parser: ArgumentParser) -> None:
    _ask_organization(parser)
    parser.add_argument("--code", help="one figure only")
    parser.add_argument("--rows", action="store_true", help="the rows behind each number as well")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _configure_review(parser: ArgumentParser) -> None:
    _ask_organization(parser)
    parser.add_argument("--format", choices=("json", "html", "docx", "pdf"), default="json")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where docx and pdf go; review.docx, review.pdf unless said"
    )
    parser.add_argument("--base", default="", metavar="URL", help="address of this site, for the links of the numbers")


def _node(options: Namespace) -> Node:
    node = find_node(options.organization)
    if node is None:
        raise Refused(f"没有编码是 {options.organization} 的工会。", "unknown-organization")
    return node


def _figures(options: Namespace, actor: Actor) -> int:
    node, period = _node(options), of_year(options.year)
    figures = [queries.get_figure(options.code)] if options.code else queries.list_figures()
    if options.format == "table":
        _print_table(actor, [figure.code for figure in figures], node, period, options.rows)
        return 0
    asked = ((actor, figure.code, node, period) for figure in figures)
    if options.format == "json":
        _print_values(asked, options.rows)
    else:
        _print_csv(asked, options.rows)
    return 0


def _facts(actor: Actor, code: str, node: Node, period: Period) -> dict[str, Any]:
    value = queries.get_value(actor, code, node, period)
    return as_facts(value.figure, value.raw, period)


def _rows(actor: Actor, code: str, node: Node, period: Period) -> Iterator[Mapping[str, Any]]:
    """The rows behind a number, one by one: a city's members are read as they are written."""
    return queries.list_facts(queries.get_figure(code), queries.list_rows(actor, code, node, period))


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _print_values(asked: Iterable[Asked], with_rows: bool) -> None:
    """A list of figures, a row a line."""
    sys.stdout.write("[")
    for place, each in enumerate(asked):
        sys.stdout.write(",\n" if place else "\n")
        text = json.dumps(_facts(*each), ensure_ascii=False, indent=1)
        sys.stdout.write(text if not with_rows else text.removesuffix("\n}"))
        if with_rows:
            sys.stdout.write(',\n "rows": [')
            for number, row in enumerate(_rows(*each)):
                sys.stdout.write((",\n  " if number else "\n  ") + json.dumps(row, ensure_ascii=False))
            sys.stdout.write("]\n}")
    sys.stdout.write("\n]\n")


def _print_csv(asked: Iterable[Asked], with_rows: bool) -> None:
    writer = csv.writer(sys.stdout)
    if not with_rows:
        writer.writerow(["code", "name", "value", "unit", "scope", "basis", "period"])
        writer.writerows([safe_cell(text) for text in _facts(*each).values()] for each in asked)
        return
    for each in asked:
        figure = queries.get_figure(each[1])
        rows = _rows(*each)
        first = next(rows, {})
        writer.writerow([figure.code, figure.name, *first])
        found = chain([first] if first else [], rows)
        writer.writerows([figure.code, figure.name, *map(safe_cell, row.values())] for row in found)


def _print_table(actor: Actor, codes: Sequence[str], node: Node, period: Period, with_rows: bool) -> None:
    print(f"{node.name} {period.title}")
    for code in codes:
        value = queries.get_value(actor, code, node, period)
        about = queries.get_about(value.figure, value.node.level)
        print(
            f"{value.shown:>16} {unit_of(value.figure).word:<4} {value.figure.name}  [{about.kind} {about.scope} {about.basis}]"
        )
        if with_rows:
            print("    " + "\t".join(column.label for column in queries.list_columns(value.figure)))
            for row in queries.list_read_rows(value.figure, queries.list_rows(actor, code, node, period)):
                print("    " + "\t".join(row.cells))


def _review(options: Namespace, actor: Actor) -> int:
    node, period = _node(options), of_year(options.year)
    if options.format == "json":
        _print_json(queries.get_review_facts(queries.get_newest_review(actor, node, period)))
        return 0
    written = queries.get_newest_written(actor, node, period)
    if options.format == "html":
        print(papers.review_page(written, options.base))
        return 0
    place = options.out or Path(f"review.{options.format}")
    report = papers.review_report(written, options.base, day_text(timezone.localdate(actor.at)))
    place.write_bytes(papers.write_report(report, options.format))
    print(place)
    return 0


def _configure_proof(parser: ArgumentParser) -> None:
    _ask_organization(parser)
    parser.add_argument("out", type=Path, metavar="OUT.zip")


def _proof(options: Namespace, actor: Actor) -> int:
    period = of_year(options.year)
    made = actions.export_proof(actor, _node(options), period.start_on, period.end_on)
    options.out.write_bytes(made.content)
    print(f"{options.out}：{made.figures}个数，{made.rows}行")
    return 0


def _configure_keys(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", required=True, metavar="CODE", help="code of the union")
    parser.add_argument(
        "--renew", action="store_true", help="a new key from now on; the old one stays for what it signed"
    )
    parser.add_argument("--reason", default="", help="why the key is changed")


def _keys(options: Namespace, actor: Actor) -> int:
    node = _node(options)
    if options.renew:
        actions.renew_key(actor, node, reason=options.reason)
    for key in queries.list_keys(node):
        until = timezone.localtime(key.ends_at) if key.ends_at else None
        print(
            f"{key.fingerprint}  {timezone.localtime(key.starts_at):%Y-%m-%d} {f'– {until:%Y-%m-%d}' if until else '起，在用'}"
        )
    return 0


COMMANDS = (
    Command(
        "export-proof",
        "write all that a union published of a year, with rows, keys and journal, to be checked without the server",
        "unionhome export-proof --organization 610500 --year 2021 proof.zip",
        _configure_proof,
        _proof,
    ),
    Command(
        "signing-keys",
        "print the fingerprints of a union's signing keys, or change the key",
        "unionhome signing-keys --organization 610500",
        _configure_keys,
        _keys,
    ),
    Command(
        "figures",
        "print figures of a union and a year, with their rows if asked",
        "unionhome figures --organization 610500 --year 2021 --format json",
        _configure_figures,
        _figures,
    ),
    Command(
        "review",
        "print the yearly review of a union",
        "unionhome review --organization 610500 --year 2021 --format html",
        _configure_review,
        _review,
    ),
)

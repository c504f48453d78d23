"""The list of figures, and one figure: number, meaning, where, when, rows."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from unionhome.core.access.doors import door, may_open
from unionhome.core.figures import actions, queries
from unionhome.core.figures.queries import Part, Value
from unionhome.core.figures.rules.shown import show
from unionhome.core.figures.views.asked import Asked, frame, read_asked, read_other, read_plainly
from unionhome.core.registry import Actor, BadInput, Figure
from unionhome.kit.dates import Period

PAGE_ROWS = 50
MOST_LABELS = 12
MOST_PUBLISHED = 6
NUMBERS = ("fen", "number", "minutes")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@door("desk", "figures.view")
def figure_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every declared figure with its number for the chosen union and period."""
    asked = read_asked(request, actor)
    figures = queries.list_figures()
    values = queries.list_values(actor, [figure.code for figure in figures], asked.node, asked.period)
    lines = {value.figure.code: _line(value, asked) for value in values}
    groups = [(title, [lines[each.code] for each in members]) for title, members in queries.list_groups()]
    context = {"groups": groups, "count": len(figures), **frame(request, actor, asked, "list")}
    return render(request, "figures/list.html", context, status=asked.status)


def _line(value: Value, asked: Asked) -> dict[str, Any]:
    about = queries.get_about(value.figure, value.node.level)
    return {"value": value, "about": about, "url": asked.figure_url(value.figure.code)}


@require_safe
@door("desk", "figures.view")
def figure_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One figure: its number, what it means, where and when it came about, and exactly its rows."""
    figure, asked = queries.get_figure(code), read_asked(request, actor)
    other, wrong = _other(request, asked)
    asking = queries.get_asking(actor, [code], asked.node, asked.period)
    (value,), (months,), (children,) = asking.list_values(), asking.list_by_month(), asking.list_by_child()
    again = queries.get_recount(actor, value)
    context = {
        "figure": figure,
        "about": queries.get_about(figure, value.node.level),
        "value": value,
        "made_of": _made_of(actor, asked, value, other),
        "other": other,
        "wrong": wrong,
        "again": again,
        "checked_at": timezone.localtime(actor.at),
        "children": _bars(asked, children),
        "adds_up": figure.kind in ("flow", "stock"),
        "is_people": figure.kind == "flow" and figure.measure.startswith("people:"),
        "months": [
            {"part": part, "url": asked.of(part.step.period).figure_url(code) + "#rows" if part.step else ""}
            for part in months
        ],
        "chart": _line_chart(figure, months),
        **_rows(request, actor, asked, figure, again.rows),
        "rows_note": _rows_note(figure, again),
        "published": queries.list_published_of(asked.node, code, MOST_PUBLISHED),
        "may_publish": actor.may("figures.draft", asked.node.path) and not queries.is_elsewhere(actor, asked.node),
        **frame(request, actor, asked, "list"),
    }
    return render(request, "figures/figure.html", context, status=400 if wrong else asked.status)


def _other(request: HttpRequest, asked: Asked) -> tuple[Period | None, str]:
    """The stretch of time to compare with, and the sentence where it cannot be read."""
    try:
        return read_other(request, asked), ""
    except BadInput as refused:
        return None, refused.sentence


def _made_of(actor: Actor, asked: Asked, value: Value, other: Period | None) -> list[dict[str, Any]]:
    """The numbers that this one is made of, or compared with, each leading to its rows."""
    code = value.figure.code
    found = [(asked, each) for each in queries.list_ratio_values(actor, code, asked.node, asked.period)]
    if other:
        before = queries.get_value(actor, code, asked.node, other)
        earlier = queries.list_ratio_values(actor, code, asked.node, other)
        found = [(asked, value), *found, *((asked.of(other), each) for each in (before, *earlier))]
    return [
        {"value": each, "period": where.period.title, "url": where.figure_url(each.figure.code) + "#rows"}
        for where, each in found
    ]


class _Counted(Paginator[Any]):
    """Pages of rows whose number was counted already."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, PAGE_ROWS)
        self.count = count


def _rows(request: HttpRequest, actor: Actor, asked: Asked, figure: Figure, count: int) -> dict[str, Any]:
    rows = queries.list_rows(actor, figure.code, asked.node, asked.period)
    page = _Counted(rows, count).get_page(request.GET.get("page"))
    shown: Any = page.object_list
    columns = [{"label": column.label, "is_number": column.kind in NUMBERS, "kind": column.kind}
               for column in queries.list_columns(figure)]  # fmt: skip
    lines = [
        {"url": row.url if may_open(actor, row.url) else "", "cells": list(zip(columns, row.cells, strict=True))}
        for row in queries.list_read_rows(figure, shown)
    ]
    return {"columns": columns, "rows": lines, "page": page}


def _rows_note(figure: Figure, again: queries.Recount) -> str:
    """What ties the rows to the number."""
    if figure.measure in ("rows",) or figure.measure.startswith("people:"):
        return f"{again.rows:,} 行，与数值相同" if again.holds else f"{again.rows:,} 行，与数值不同"
    if figure.measure.startswith("over:"):
        return f"{again.rows:,} 行，是上面那个数的行"
    return f"{again.rows:,} 行，算出来是 {again.again}{figure.unit}"


def _bars(asked: Asked, parts: list[Part]) -> list[dict[str, Any]]:
    """Unions with the length of their bars: the longest first, those without a number last."""
    top = max((part.raw for part in parts if part.raw is not None), default=0) or 1
    ordered = sorted(parts, key=lambda part: (part.raw is None, -(part.raw or 0)))
    return [
        {
            "label": part.label,
            "shown": part.shown,
            "share": float((part.raw or 0) / top),
            "has_rows": part.raw is not None and not part.is_own,
            "url": "" if part.is_own else asked.figure_url(part.figure.code, part.node),
        }
        for part in ordered
    ]


def _line_chart(figure: Figure, months: list[Part]) -> dict[str, Any]:
    """Options of the month line: numbers as shown, in the unit shown."""
    shown = [None if part.raw is None else float(show(figure, part.raw).replace(",", "")) for part in months]
    return {
        "xAxis": {"type": "category", "data": [part.label for part in months]},
        "yAxis": {"type": "value", "splitNumber": 3},
        "series": [
            {"type": "line", "data": shown, "symbolSize": 6, "label": {"show": len(months) <= MOST_LABELS}},
        ],
    }


@require_POST
@door("desk", "figures.view")
def figure_export(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The rows as a workbook; the export is journaled."""
    asked = read_plainly(request, actor)
    made = actions.export_figure(actor, code, asked.node, asked.period)
    answer = HttpResponse(made.content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{made.quoted_name}"
    return answer

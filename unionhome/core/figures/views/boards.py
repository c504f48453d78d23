"""The board, and the yearly review."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.figures import queries
from unionhome.core.figures.queries import Board
from unionhome.core.figures.queries.tables import MOST_FIGURES
from unionhome.core.figures.rules.boards import BANDS
from unionhome.core.figures.rules.periods import FIRST_YEAR, LAST_YEAR, of_year
from unionhome.core.figures.views.asked import YEARS_BACK, Asked, address, frame, read_asked, text_of
from unionhome.core.registry import Actor

SCREEN_LINES = 14
"""Unions that fit on a wall; those below the line come first."""


@require_safe
@door("desk", "figures.view")
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Clocks, unions side by side, the schematic map, curves."""
    asked = read_asked(request, actor)
    built = queries.get_board(actor, asked.node, asked.period, text_of(request, "map"))
    context = {
        **_drawn(asked, built),
        "maps": _maps(request, built),
        "count": len(queries.list_figures()),
        "table_url": _table(asked, built),
        **frame(request, actor, asked, "board"),
    }
    return render(request, "figures/board.html", context, status=asked.status)


def _drawn(asked: Asked, built: Board) -> dict[str, Any]:
    """What the board and the big screen draw alike."""
    is_share = built.mapped is not None and built.mapped.is_share
    return {
        "board": built,
        "lines": _lines(asked, built),
        "tiles": [
            {
                "name": tile.name,
                "shown": tile.shown,
                "band": tile.band,
                "place": tile.place,
                "url": _down(asked, tile.node),
            }
            for tile in built.tiles
        ],
        "months": _months(asked, built),
        "bands": [(name, label) for _, name, label in reversed(BANDS)] if is_share else [],
    }


def _months(asked: Asked, built: Board) -> list[dict[str, Any]]:
    """The curves as a table: a line a month, each number leading to its rows."""
    return [
        {
            "label": parts[0].label,
            "cells": [
                {
                    "shown": part.shown,
                    "url": asked.of(part.step.period).figure_url(part.figure.code) + "#rows"
                    if part.step and part.raw is not None
                    else "",
                }
                for part in parts
            ],
        }
        for parts in zip(*(trend.parts for trend in built.trends), strict=True)
    ]


def _table(asked: Asked, built: Board) -> str:
    """The same figures as a table that can be saved."""
    codes = [column.figure.code for column in built.columns][:MOST_FIGURES]
    return f"{reverse('figures:table')}?{asked.query}&{urlencode({'code': codes}, doseq=True)}" if codes else ""


@require_safe
@door("desk", "figures.view")
def screen(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board for a screen on the wall: everything at once, asked anew each minute."""
    asked = read_asked(request, actor)
    built = queries.get_board(actor, asked.node, asked.period, text_of(request, "map"))
    drawn = _drawn(asked, built)
    lines = [line for line in drawn["lines"] if line["url"]]
    context = {
        **drawn,
        "asked": asked,
        "shown": lines[:SCREEN_LINES],
        "more": max(0, len(lines) - SCREEN_LINES),
        "taken_at": timezone.localtime(actor.at),
    }
    return render(request, "figures/screen.html", context, status=asked.status)


def _down(asked: Asked, node: Any) -> str:
    """The board of a union further down."""
    return f"{reverse('figures:board')}?{asked.at(node)}"


def _lines(asked: Asked, built: Board) -> list[dict[str, Any]]:
    return [
        {
            "label": line.label,
            "url": "" if line.is_own else _down(asked, line.node),
            "cells": [
                {"cell": cell, "url": asked.figure_url(cell.code, line.node) if cell.is_there else ""}
                for cell in line.cells
            ],
        }
        for line in built.lines
    ]


def _maps(request: HttpRequest, built: Board) -> list[dict[str, Any]]:
    mapped = built.mapped.figure.code if built.mapped else ""
    return [
        {
            "label": f"{figure.name} {figure.unit}",
            "url": address(request, map=figure.code),
            "active": figure.code == mapped,
        }
        for figure in built.maps
    ]


@require_safe
@door("desk", "figures.view")
def review_now(request: HttpRequest, actor: Actor) -> HttpResponse:
    """To the review of the year that the address speaks of, or of the present one."""
    asked = read_asked(request, actor)
    url = reverse("figures:review", args=[asked.period.end_on.year])
    return redirect(f"{url}?node={asked.node.code}")


@require_safe
@door("desk", "figures.view")
def review_page(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    """The form of the review of a year, every number bound or marked as not yet given; or the review begun from it."""
    node, today = queries.get_node(actor, text_of(request, "node")), timezone.localdate(actor.at)
    begun = queries.find_draft(actor, node, of_year(year))
    if begun is not None:
        return redirect("figures:draft", begun.pk)
    built = queries.get_review(actor, node, of_year(year))
    newest = min(max(today.year, FIRST_YEAR), LAST_YEAR)
    years = [
        {
            "label": f"{each} 年",
            "url": f"{reverse('figures:review', args=[each])}?node={node.code}",
            "active": each == year,
        }
        for each in range(newest, newest - YEARS_BACK - 1, -1)
    ]
    context = {
        "review": built,
        "title_text": f"{year} 年工作综述",
        "has_printed": any(bound.printed for bound in built.bounds),
        "years": years,
        "may_write": actor.may("figures.write", node.path),
        **frame(request, actor, Asked(node, built.period, today), "review_now"),
        "periods": [],
    }
    return render(request, "figures/review.html", context)

"""Several figures by unions below for any two dates, on the screen and as Excel, Word and PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.figures import actions, papers, queries
from unionhome.core.figures.forms import DaysForm
from unionhome.core.figures.queries.tables import MOST_FIGURES
from unionhome.core.figures.views.asked import Asked, frame, read_asked, read_other, read_plainly, text_of
from unionhome.core.registry import Actor, BadInput, NotFound
from unionhome.kit.dates import Period

FORMATS = (("xlsx", "Excel"), ("docx", "Word"), ("pdf", "PDF"))


@require_safe
@door("desk", "figures.view")
def table(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose figures, days and another period; see the table."""
    asked = read_asked(request, actor)
    chosen = _codes(request)
    context: dict[str, Any] = {"wrong": "", "table": None}
    wrong: dict[str, str] = dict(asked.wrong_fields)
    other = None
    try:
        other = read_other(request, asked)
        if "from" in request.GET and not chosen:
            context["wrong"] = "还没有选指标，请在下面勾选，再点“出表”。"
        if chosen:
            built = queries.get_table(actor, chosen, asked.node, asked.period, other)
            context |= {"table": built, "rows": _rows(asked, built)}
    except BadInput as refused:
        context["wrong"] = refused.sentence
        wrong |= refused.fields
    context |= {
        "days": DaysForm(_days(request, asked, other), wrong=wrong, is_compared=True),
        "chosen": chosen,
        "groups": [
            (title, [(figure, figure.code in chosen) for figure in figures]) for title, figures in queries.list_groups()
        ],
        "formats": FORMATS,
        "most": MOST_FIGURES,
        "query_string": request.GET.urlencode(),
        **frame(request, actor, asked, "table"),
    }
    return render(request, "figures/table.html", context, status=400 if context["wrong"] else asked.status)


def _rows(asked: Asked, built: queries.Table) -> list[list[dict[str, str]]]:
    """Lines of the table; every number leads to its rows, a change to the two numbers it is made of."""
    wide = 3 if built.other else 1
    before = asked.of(built.other) if built.other else asked
    found = []
    for line, texts in zip((*built.lines, built.total), built.rows, strict=True):
        cells = [{"text": text, "url": ""} for text in texts]
        for place, cell in enumerate(line.cells):
            if line.is_own:
                continue
            code, node, at = cell.figure.code, line.node or asked.node, 1 + place * wide
            if cell.raw is not None:
                cells[at]["url"] = asked.figure_url(code, node) + "#rows"
            if built.other and cell.before is not None:
                cells[at + 1]["url"] = before.figure_url(code, node) + "#rows"
                if cell.raw is not None:
                    cells[at + 2]["url"] = asked.compared_url(code, node, built.other)
        found.append(cells)
    return found


def _codes(request: HttpRequest) -> list[str]:
    known = {figure.code for figure in queries.list_figures()}
    return [code for code in dict.fromkeys(request.GET.getlist("code")) if code in known]


def _days(request: HttpRequest, asked: Asked, other: Period | None) -> dict[str, Any]:
    """The four days as typed, or as they were read."""
    if other:
        return {**asked.days, "from2": other.start_on, "to2": other.end_on}
    return {**asked.days, **{name: text_of(request, name) for name in ("from2", "to2")}}


@require_POST
@door("desk", "figures.view")
def table_export(request: HttpRequest, actor: Actor, form: str) -> HttpResponse:
    """The table of the address as a document; journaled."""
    if form not in dict(FORMATS):
        raise NotFound()
    asked = read_plainly(request, actor)
    made = actions.export_table(actor, _codes(request), asked.node, asked.period, read_other(request, asked), form)
    answer = HttpResponse(made.content, content_type=papers.TYPES[form])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{made.quoted_name}"
    return answer

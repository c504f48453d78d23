"""Publications at the desk: the list, drawing one up, its way from hand to hand, the frozen rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.figures import actions, queries, screens
from unionhome.core.figures.forms import DraftForm, ReasonForm
from unionhome.core.figures.models import Publication
from unionhome.core.figures.views.asked import Asked, frame, read_asked, read_plainly
from unionhome.core.figures.workflow import PUBLICATION
from unionhome.core.registry import Actor, NotFound, Refused

PAGE_ROWS = 50
REFRESH_SECONDS = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DONE = {
    "check": "已核对，交给办公室。",
    "approve": "已审核，交给主席。",
    "publish": "已签发公布，每个数都有自己的核验网址和二维码。",
    "return": "已退回。",
    "reread": "已重新取数，请部门核对。",
    "cancel": "这次不发布了。",
}


@require_safe
@door("desk", "figures.view")
def publications(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that is published or on its way on the actor's branches."""
    asked, state = read_asked(request, actor), request.GET.get("state", "")
    only = asked.node if request.GET.get("node") else None
    rows = queries.list_publications(actor, state=state, node=only)
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    counts = queries.count_publications(actor, only)
    context = {
        "page": page,
        "lines": screens.publication_lines(page.object_list),
        "counts": screens.publication_counts(counts, state, asked.query if only else ""),
        "is_filtered": bool(state),
        "may_draft": actor.may("figures.draft", asked.node.path) and not queries.is_elsewhere(actor, asked.node),
        **frame(request, actor, asked, "publications"),
    }
    return render(request, "figures/publications.html", context, status=asked.status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.draft")
def publication_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose figures of the union and period that the address names."""
    asked = read_asked(request, actor)
    form, status = DraftForm(request.POST or None, initial={"title": f"{asked.period.title}工会工作数字"}), asked.status
    chosen = request.POST.getlist("codes") if request.method == "POST" else request.GET.getlist("code")
    if request.method == "POST":
        status = 400
        if form.is_valid() and not asked.wrong:
            values = form.cleaned_data
            try:
                row = actions.draft_publication(
                    actor, node=asked.node, period=asked.period, codes=chosen, title=values["title"],
                    reason=values["reason"], submit_key=values["submit_key"], in_background=True,
                )  # fmt: skip
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                status = put_refusal(form, refused)
            else:
                messages.success(
                    request, "已经取数冻结，请部门核对。" if row.state == "drafted" else "正在取数，取完会出现在这里。"
                )
                return redirect("figures:publication", row.pk)
    codes = [figure.code for figure in queries.list_figures()]
    values = {value.figure.code: value for value in queries.list_values(actor, codes, asked.node, asked.period)}
    groups = [
        (title, [_choice(values[figure.code], asked, chosen) for figure in figures])
        for title, figures in queries.list_groups()
    ]
    context = {"form": form, "groups": groups, **frame(request, actor, asked, "publications")}
    return render(request, "figures/publication_new.html", context, status=status)


def _choice(value: queries.Value, asked: Asked, chosen: list[str]) -> dict[str, Any]:
    code = value.figure.code
    return {"value": value, "is_chosen": code in chosen, "url": asked.figure_url(code)}


@require_safe
@door("desk", "figures.view")
def publication(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One publication: its numbers, who has signed, what comes next. It looks again while rows are read."""
    row = queries.get_publication(actor, pk)
    answer = render(request, "figures/publication.html", _publication_context(actor, row))
    if row.state == "reading":
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


def _publication_context(actor: Actor, row: Publication) -> dict[str, Any]:
    page = queries.get_publication_page(actor, row)
    period = urlencode({"node": row.node.code, "from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()})
    return {
        "row": row,
        "state": PUBLICATION.state(row.state),
        "lines": screens.figure_lines(page.figures),
        "stages": screens.stage_lines(row, page.signers),
        "steps": screens.step_lines(actor, page.steps),
        "next_steps": screens.next_lines(row, page.next_steps),
        "period_query": period,
        "review": queries.find_review_of(row),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.view")
def publication_step(request: HttpRequest, actor: Actor, pk: int, verb: str) -> HttpResponse:
    """One step; returning and giving up ask for the reason first."""
    row = queries.get_publication(actor, pk)
    if verb not in DONE:
        raise NotFound()
    if verb not in screens.BY_REASON:
        if request.method != "POST":
            return redirect("figures:publication", pk)
        actions.step_publication(actor, pk, verb, submit_key=request.POST.get("submit_key", "")[:32])
        messages.success(request, DONE[verb])
        return redirect("figures:publication", pk)
    actor.require(PUBLICATION.transition(verb).permission, row.node.path)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.step_publication(actor, pk, verb, reason=values["reason"], submit_key=values["submit_key"])
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                status = put_refusal(form, refused)
            else:
                messages.success(request, DONE[verb])
                return redirect("figures:publication", pk)
    context = {"form": form, "row": row, "label": PUBLICATION.transition(verb).label}
    return render(request, "figures/publication_reason.html", context, status=status)


@require_safe
@door("desk", "figures.view")
def frozen(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """A frozen figure and exactly its rows as they were."""
    row = queries.get_frozen(actor, public_id)
    page = Paginator(queries.FrozenRowList(actor, row), PAGE_ROWS).get_page(request.GET.get("page"))
    is_published = row.published_at is not None
    context = {
        "row": row,
        "columns": row.declaration["columns"],
        "lines": list(page.object_list),
        "page": page,
        "is_true": is_published and queries.has_true_signature(row),
        "versions": screens.version_lines(queries.list_versions(row), row, "figures:frozen") if is_published else [],
        "following": queries.find_following(row),
        "verify_url": reverse("figures:verify", args=[row.public_id]),
        "live_query": urlencode(
            {"node": row.node.code, "from": row.starts_on.isoformat(), "to": row.ends_on.isoformat()}
        ),
        "is_declared": queries.find_figure(row.code) is not None,
    }
    return render(request, "figures/frozen.html", context)


@require_POST
@door("desk", "figures.view")
def frozen_export(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The frozen rows as a workbook."""
    made = actions.export_frozen(actor, public_id)
    return _download(made.content, XLSX, made.quoted_name)


@require_POST
@door("desk", "figures.view")
def proof(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything published of a union and period, to be checked without us."""
    asked = read_plainly(request, actor)
    made = actions.export_proof(actor, asked.node, asked.period.start_on, asked.period.end_on)
    return _download(made.content, "application/zip", made.quoted_name)


def _download(content: bytes, kind: str, quoted_name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoted_name}"
    return answer

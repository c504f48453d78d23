"""Desk pages of closings: what is closed, closing, reopening."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.periods import actions, queries
from unionhome.core.periods.forms import CloseForm, ReopenForm
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

PAGE_ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "periods.view")
def closings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every closing of the branch, and the form that closes the next period."""
    nodes = queries.list_closing_nodes(actor)
    chosen = _chosen(request, nodes)
    year = queries.get_last_year(actor)
    form, status = CloseForm(request.POST or None, initial={"first": year.start_on, "last": year.end_on}), 200
    if request.method == "POST":
        status = 400
        if chosen is None:
            raise NotFound()
        if form.is_valid():
            try:
                done = _close(actor, chosen, form.cleaned_data)
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                status = put_refusal(form, refused)
            else:
                more = f"，下级 {done.below} 个一并封账" if done.below else ""
                messages.success(request, f"{chosen.name}已经封账{more}。")
                return redirect("periods:list")
    page = Paginator(queries.list_closings(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form if chosen is not None else None,
        "nodes": nodes,
        "chosen": chosen,
        "page": page,
        "lines": [_line(actor, row) for row in page.object_list],
        "waiting": queries.list_not_closed(chosen, year) if chosen is not None else [],
        "year": year,
    }
    return render(request, "periods/closings.html", context, status=status)


def _chosen(request: HttpRequest, nodes: list[Node]) -> Node | None:
    """The federation that the form closes: the one asked for, else the first; None for one that is not the actor's."""
    code = request.POST.get("node") or request.GET.get("node") or ""
    if not code:
        return nodes[0] if nodes else None
    return next((node for node in nodes if node.code == code), None)


def _close(actor: Actor, node: Node, values: dict[str, Any]) -> actions.Closed:
    first, last = values["first"], values["last"]
    if first > last:
        sentence = "开始日期不能晚于结束日期。"
        raise BadInput(sentence, "period", fields={"first": sentence})
    period = Period(first, last)
    return actions.close_period(
        actor, node, period, with_below=values["with_below"], submit_key=values["submit_key"]
    )  # fmt: skip


def _line(actor: Actor, row: Any) -> dict[str, Any]:
    holds = row.reopened_at is None
    return {
        "row": row,
        "period": Period(row.starts_on, row.ends_on).title,
        "holds": holds,
        "may_reopen": holds and queries.may_reopen(actor, row),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "periods.view")
def reopen(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Open a period again, from above, with the reason."""
    row = queries.get_closing(actor, pk)
    form, status = ReopenForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.reopen_period(actor, pk, reason=form.cleaned_data["reason"])
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                status = put_refusal(form, refused)
            else:
                messages.success(request, f"{row.node.name}已经重新开账，补登完请再封。")
                return redirect("periods:list")
    context = {
        "form": form,
        "row": row,
        "period": Period(row.starts_on, row.ends_on).title,
        "may": queries.may_reopen(actor, row),
    }
    return render(request, "periods/reopen.html", context, status=status)

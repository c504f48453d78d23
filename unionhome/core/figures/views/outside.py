"""Numbers that documents give: the list, entering one, withdrawing it, and its document."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from unionhome.core.access.doors import door
from unionhome.core.figures import actions, queries
from unionhome.core.figures.forms import OutsideForm, WithdrawForm
from unionhome.core.figures.models import OutsideNumber
from unionhome.core.figures.rules.periods import read_period
from unionhome.core.figures.views.asked import take, text_of
from unionhome.core.files.queries import list_files
from unionhome.core.files.views import send
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.kit.dates import Period

PAGE_ROWS = 50


@require_safe
@door("desk", "figures.view")
def outside_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Numbers of documents of the actor's branches."""
    page = Paginator(queries.list_outside(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    lines = [{"row": row, "bound": queries.get_outside_bound(row), "period": _period(row)} for row in page.object_list]
    context = {"page": page, "lines": lines, "may_write": actor.may("figures.write")}
    return render(request, "figures/outside.html", context)


def _period(row: OutsideNumber) -> Period:
    return Period(row.start_on, row.end_on)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.write")
def outside_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a number of a document for the union and the days of the address."""
    node = queries.get_node(actor, text_of(request, "node"))
    period = read_period(text_of(request, "from"), text_of(request, "to"), timezone.localdate(actor.at))
    code = text_of(request, "code")
    printed = next((each for each in queries.list_undeclared() if each[0] == code), None)
    initial = {"name": printed[1], "unit": printed[2]} if printed else {}
    form = OutsideForm(request.POST or None, request.FILES or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.enter_outside(actor, node, period, _read(form.cleaned_data, printed[0] if printed else ""))
            except Refused as refused:
                status = take(form, refused)
            else:
                messages.success(request, "已登记。综述里会标明“上报”，不算实证。")
                draft = queries.find_draft(actor, node, period)
                return redirect("figures:draft", draft.pk) if draft else redirect("figures:outside")
    context = {"form": form, "node": node, "period": period, "printed": printed}
    return render(request, "figures/outside_new.html", context, status=status)


def _read(values: dict[str, Any], code: str) -> actions.Outside:
    plain = {name: values[name] for name in ("name", "unit", "number", "basis", "source", "signed_by", "signed_on")}
    return actions.Outside(code=code, files=[(one.name or "", one.read()) for one in values["scans"]], **plain)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.view")
def outside_one(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One number with its document; withdrawing it asks why."""
    row = queries.get_outside(actor, pk)
    form, status = WithdrawForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.withdraw_outside(actor, pk, reason=form.cleaned_data["reason"])
            except Refused as refused:
                status = take(form, refused)
            else:
                messages.success(request, "已撤下，综述里不再用它。")
                return redirect("figures:outside")
    may = row.withdrawn_at is None and actor.may("figures.write", row.node.path)
    context = {
        "row": row,
        "bound": queries.get_outside_bound(row),
        "period": _period(row),
        "files": list(list_files(row)),
        "form": form if may else None,
    }
    return render(request, "figures/outside_one.html", context, status=status)


@require_safe
@door("desk", "figures.view")
def outside_file(request: HttpRequest, actor: Actor, pk: int, place: int) -> HttpResponse:
    """A page of the document, by its place from 1."""
    files = list(list_files(queries.get_outside(actor, pk)))
    if not 1 <= place <= len(files):
        raise NotFound()
    return send(request, files[place - 1])

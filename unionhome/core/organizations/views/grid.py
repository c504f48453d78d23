"""Grid cells: the list by place, one cell, and the acts on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, screens
from unionhome.core.organizations.forms import (
    BulkCellForm,
    CellChangeForm,
    CellEndForm,
    CellFilterForm,
    CellForm,
    DayForm,
    GridWorkerForm,
    take_refusal,
)
from unionhome.core.organizations.models import GridCell
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit import forms

PAGE = 50
VIEW, MANAGE = "organizations.view", "organizations.manage"
NAMES = {"division_code": "place"}


@require_safe
@door("desk", VIEW)
def cells(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cells of the actor's branches; what narrows them stands in the address."""
    form = CellFilterForm(request.GET)
    filters = form.filters()
    page = Paginator(queries.list_cells(actor, filters), PAGE).get_page(request.GET.get("page"))
    workers = queries.list_present_workers(list(page))
    context = {
        "form": form,
        "page": page,
        "rows": [{"cell": cell, "worker": workers.get(cell.pk)} for cell in page],
        "counts": screens.cell_counts(queries.count_cells(actor, filters.division), filters),
        "filters": screens.cell_filters(filters, queries.list_parts(actor, filters.division)),
        "clear_url": reverse("organizations:cells"),
        "is_filtered": bool(filters),
        "can_create": queries.may_set_cells(actor),
        "bulk_url": f"{reverse('organizations:cells_bulk')}?{urlencode({'division': filters.division})}",
    }
    return render(request, "organizations/cells.html", context)


@door("desk", MANAGE)
def cell_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set up one cell; the address may name the place."""
    _check(actor)
    code = request.GET.get("division", "")
    place = code if queries.list_division_chain(code) else queries.get_first_place(actor)
    form = CellForm(request.POST or None, initial={"place": place, "starts_on": timezone.localdate(actor.at)})

    def act() -> GridCell:
        return actions.create_cell(actor, form.facts(), submit_key=form.cleaned_data["submit_key"])

    done = _take(request, form, act)
    if isinstance(done, GridCell):
        messages.success(request, f"已设立{done.name}，编码 {done.code}。接着填网格员。", extra_tags="draft:new-cell")
        return redirect("organizations:cell", done.pk)
    return render(request, "organizations/cell_new.html", {"form": form}, status=done)


@door("desk", MANAGE)
def cells_bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One cell for each village and community of a place that has none: shown first, then set up."""
    _check(actor)
    chosen = queries.list_division_chain(request.GET.get("division", "") or queries.get_first_place(actor))
    place = chosen[-1] if chosen and queries.may_see_place(actor, chosen[-1].code) else None
    form = BulkCellForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})
    status: int | Any = 200
    if place is not None and request.method == "POST":
        code = place.code
        status = _take(request, form, lambda: [actions.create_cells(actor, code, on=form.cleaned_data["on"])])
        if isinstance(status, list):
            messages.success(request, f"{place.people_name}设立了 {status[0]} 个网格。")
            return redirect(f"{reverse('organizations:cells')}?{urlencode({'division': code})}")
    missing = list(queries.list_places_without_cell(place).select_related("parent")) if place else []
    context = {
        "form": form,
        "place": place,
        "crumbs": [one.people_name for one in chosen],
        "parts": [
            {"label": part.people_name, "url": f"?{urlencode({'division': part.code})}"}
            for part in queries.list_parts(actor, place.code if place else "")
        ],
        "missing": missing[: PAGE * 4],
        "count": len(missing),
        "shown": min(len(missing), PAGE * 4),
        "standing": queries.count_cells(actor, place.code).cells if place else 0,
    }
    return render(request, "organizations/cells_bulk.html", context, status=status)


def _take(request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the action made, or the status with which the form comes back."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 400
    try:
        return act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        take_refusal(form, refusal.fields, refusal.sentence, NAMES)
        return refusal.status


@require_safe
@door("desk", VIEW)
def cell(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """One cell: facts, worker, what belongs to it."""
    return _cell_page(request, actor, queries.get_cell(actor, cell_id))


def _cell_page(request: HttpRequest, actor: Actor, found: GridCell, phone: str = "") -> HttpResponse:
    workers = list(queries.list_workers(found))
    present = next((worker for worker in workers if worker.ends_on is None), None)
    manages = queries.may_set_cells(actor, found.node)
    context = {
        "cell": found,
        "facts": screens.cell_facts(found),
        "present": present,
        "former": [worker for worker in workers if worker.ends_on is not None],
        "masked_phone": queries.get_masked_phone(present) if present else "",
        "phone": phone,
        "may_call": actor.may("organizations.call", found.node.path),
        "units": list(queries.list_units(found)),
        "manages": manages and found.ends_on is None,
        "steps": screens.cell_steps(found, manages=manages, has_worker=present is not None),
        "today": timezone.localdate(actor.at),
    }
    return render(request, "organizations/cell.html", context)


@require_POST
@door("desk", "organizations.call")
def cell_phone(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """The worker's phone, for calling; that it was opened is journaled."""
    phone = actions.open_worker_phone(actor, cell_id)
    return _cell_page(request, actor, queries.get_cell(actor, cell_id), phone)


@door("desk", MANAGE)
def cell_change(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """Another name or boundary."""
    found = _managed(actor, cell_id)
    form = CellChangeForm(request.POST or None, initial={"name": found.name, "boundary": found.boundary})

    def act() -> GridCell:
        values = form.cleaned_data
        return actions.change_cell(actor, cell_id, name=values["name"], boundary=values["boundary"])

    return _act_page(request, found, form, act, title="改名称和范围", button="保存", said="已修改")


@door("desk", MANAGE)
def cell_end(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """End the cell from a day on."""
    found = _managed(actor, cell_id)
    form = CellEndForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> GridCell:
        values = form.cleaned_data
        return actions.end_cell(actor, cell_id, on=values["on"], reason=values["reason"])

    note = "网格员和划入的单位、工会一起结束；以前的数字不变，编号不再使用。"
    return _act_page(request, found, form, act, title="撤销网格", button="撤销网格", said="已撤销", note=note)


@door("desk", MANAGE)
def cell_worker(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """Say who works in the cell from a day on."""
    found = _managed(actor, cell_id)
    users = queries.list_candidates(actor, found)
    form = GridWorkerForm(request.POST or None, initial={"on": timezone.localdate(actor.at)}, users=users)

    def act() -> Any:
        values = form.cleaned_data
        return actions.assign_worker(
            actor, cell_id, on=values["on"], user_id=values["user"], name=values["name"], phone=values["phone"]
        )

    note = "有平台账号的选账号，没有的写姓名和手机。原来的网格员到这一天为止。"
    return _act_page(request, found, form, act, title="定网格员", button="保存网格员", said="网格员已更新", note=note)


@door("desk", MANAGE)
def cell_worker_end(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """The worker leaves, and nobody follows yet."""
    found = _managed(actor, cell_id)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> bool:
        actions.end_worker(actor, cell_id, on=form.cleaned_data["on"])
        return True

    note = "离任以后这个网格没有网格员，会列进“覆盖缺口”。"
    return _act_page(request, found, form, act, title="网格员离任", button="离任", said="网格员已离任", note=note)


@door("desk", MANAGE)
def cell_units(request: HttpRequest, actor: Actor, cell_id: int) -> HttpResponse:
    """Put employers and unions of the place into the cell, many at once."""
    found = _managed(actor, cell_id)
    if request.method == "POST":
        employers, unions = (_numbers(request.POST.getlist(name)) for name in ("employer", "union"))
        on = timezone.localdate(actor.at)
        count = actions.assign_units(actor, cell_id, employers=employers, unions=unions, on=on)
        if count:
            messages.success(request, f"划入 {count} 个。")
            return redirect("organizations:cell", cell_id)
        messages.error(request, "没有划入：请先勾选；已经属于别的网格的不能重复划入。")
    context = {
        "cell": found,
        "employers": queries.list_free_employers(found),
        "unions": queries.list_free_unions(actor, found),
    }
    return render(request, "organizations/cell_units.html", context)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 12]


@require_POST
@door("desk", MANAGE)
def cell_release(request: HttpRequest, actor: Actor, cell_id: int, unit_id: int) -> HttpResponse:
    """Take an employer or a union out of the cell."""
    actions.release_unit(actor, cell_id, unit_id, on=timezone.localdate(actor.at))
    messages.success(request, "已划出。")
    return redirect("organizations:cell", cell_id)


def _check(actor: Actor, node: Node | None = None) -> None:
    if not queries.may_set_cells(actor, node):
        raise Forbidden("网格由镇（街道）以上工会设立和调整。")


def _managed(actor: Actor, cell_id: int) -> GridCell:
    found = queries.get_cell(actor, cell_id)
    _check(actor, found.node)
    if found.ends_on is not None:
        raise NotFound("这个网格已经撤销。")
    return found


def _act_page(
    request: HttpRequest, found: GridCell, form: forms.Form, act: Callable[[], Any], **words: Any
) -> HttpResponse:
    done = _take(request, form, act)
    if (request.method == "POST" and not isinstance(done, int | None)) or done is True:
        messages.success(request, f"{found.name}：{words['said']}。")
        return redirect("organizations:cell", found.pk)
    return render(request, "organizations/cell_act.html", {"form": form, "cell": found, **words}, status=done)

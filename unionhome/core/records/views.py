"""Pages of the service ledger, and its part of the pages of a member."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.members.models import Person
from unionhome.core.members.queries import get_person
from unionhome.core.records import queries
from unionhome.core.records.forms import RecordFilter
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import Actor

PAGE_ROWS = 50
PANEL_ROWS = 7
MINE_ROWS = 3


@require_safe
@door("desk", "records.view")
def record_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The ledger of the actor's branches, narrowed by service, days and theme."""
    form = RecordFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    records = queries.list_records(
        actor,
        service=chosen.get("service", ""),
        first=chosen.get("first"),
        last=chosen.get("last"),
        theme=chosen.get("theme", ""),
    )
    mark = request.GET.get("after", "")
    sheet = queries.get_sheet(records, mark, PAGE_ROWS)
    context = {
        "lines": queries.list_lines(actor, sheet.records),
        "total": queries.get_capped_total(records),
        "first_url": _address(request) if mark else "",
        "next_url": _address(request, after=sheet.following) if sheet.following else "",
        "filters": [_service_filter(request, chosen), _days_filter(request, actor, chosen)],
        "here": reverse("records:list"),
    }
    return render(request, "records/list.html", context)


@require_safe
@door("desk", "records.view")
def person_list(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """All that the actor may see of what one person was given."""
    person = get_person(actor, person_id, "records.view")
    records = queries.list_for_person(actor, person)
    page = _page(request, records)
    context = {
        "person_id": person.pk,
        "name": queries.get_shown_name(actor, person),
        "page": page,
        "lines": queries.list_lines(actor, page.object_list),
        "total": queries.get_total(records),
    }
    return render(request, "records/person.html", context)


@require_safe
@door("my")
def mine_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything the union did for the worker who looks."""
    records = queries.list_mine(actor)
    page = _page(request, records)
    lines = queries.list_lines(actor, page.object_list)
    return render(request, "records/mine.html", {"page": page, "lines": lines, "total": queries.get_total(records)})


def member_panel(actor: Actor, person: Person) -> tuple[str, dict[str, Any]]:
    """The newest services on a member's page."""
    records = queries.list_for_person(actor, person)
    lines = queries.list_lines(actor, records[:PANEL_ROWS])
    total = queries.get_total(records)
    url = reverse("records:person", args=[person.pk])
    return "records/member_panel.html", {"lines": lines, "total": total, "url": url}


def mine_panel(actor: Actor, _person: object = None) -> tuple[str, dict[str, Any]]:
    """The newest services on the worker's own page."""
    records = queries.list_mine(actor)
    lines = queries.list_lines(actor, records[:MINE_ROWS])
    context = {"lines": lines, "total": queries.get_total(records), "url": reverse("records:mine")}
    return "records/mine_panel.html", context


def _page(request: HttpRequest, records: QuerySet[ServiceRecord]) -> Page[ServiceRecord]:
    return Paginator(records, PAGE_ROWS).get_page(request.GET.get("page"))


def _address(request: HttpRequest, **changed: str) -> str:
    """The address with some filters changed; an empty value takes one away, the place in the list always goes."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _service_filter(request: HttpRequest, chosen: dict[str, Any]) -> dict[str, Any]:
    labels, service = queries.get_service_labels(), chosen.get("service", "")
    options = [
        {"label": label, "url": _address(request, service=code), "active": code == service}
        for code, label in labels.items()
    ]
    return {
        "label": "类别",
        "value": labels.get(service, ""),
        "active": service in labels,
        "clear_url": _address(request, service=""),
        "options": [{"label": "全部", "url": _address(request, service=""), "active": not service}, *options],
    }


def _days_filter(request: HttpRequest, actor: Actor, chosen: dict[str, Any]) -> dict[str, Any]:
    today, first, last = timezone.localdate(actor.at), chosen.get("first"), chosen.get("last")
    spans = [(f"{year} 年", date(year, 1, 1), date(year, 12, 31)) for year in range(today.year, today.year - 4, -1)]
    options = [
        {
            "label": label,
            "url": _address(request, first=str(begin), last=str(end)),
            "active": (begin, end) == (first, last),
        }
        for label, begin, end in spans
    ]
    named = next((option["label"] for option in options if option["active"]), f"{first or '最早'} 至 {last or '今天'}")
    return {
        "label": "日期",
        "value": named if first or last else "",
        "active": bool(first or last),
        "clear_url": _address(request, first="", last=""),
        "options": [
            {"label": "全部", "url": _address(request, first="", last=""), "active": not (first or last)},
            *options,
        ],
    }

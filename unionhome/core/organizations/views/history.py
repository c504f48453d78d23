"""All changes of one union as a timeline, narrowed by kind and year."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import queries, rules
from unionhome.core.organizations.models import OrganizationChange
from unionhome.core.registry import Actor

PAGE = 50
ICONS = {
    "founded": "check",
    "changed": "edit",
    "renamed": "edit",
    "moved": "arrows-exchange",
    "relocated": "map-pin",
    "merged": "users-group",
    "split": "sitemap",
    "dissolved": "circle-x",
}


@require_safe
@door("desk", "organizations.view")
def changes(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Everything that changed, newest first."""
    here = queries.get_organization(actor, node_id)
    kinds, years = queries.count_changes(here)
    kind, year = request.GET.get("kind", ""), request.GET.get("year", "")
    kind, year = kind if kind in kinds else "", year if year in years else ""
    found = queries.list_changes(here, kind=kind, year=int(year or 0))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    words = dict(rules.CHANGES)
    context = {
        "organization": here,
        "back": reverse("organizations:organization", args=[here.pk]),
        "page": page,
        "changes": change_lines(page),
        "filters": [
            _filter(here.pk, "种类", "kind", kind, {each: words.get(each, each) for each in kinds}, {"year": year}),
            _filter(here.pk, "年份", "year", year, {each: f"{each} 年" for each in years}, {"kind": kind}),
        ],
        "is_filtered": bool(kind or year),
        "clear_url": _url(here.pk),
    }
    return render(request, "organizations/changes.html", context)


def _url(pk: int, **given: str) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('organizations:changes', args=[pk])}{'?' if query else ''}{query}"


def _filter(
    pk: int, label: str, name: str, chosen: str, choices: dict[str, str], others: dict[str, str]
) -> dict[str, Any]:
    options = {"": "全部", **choices}
    return {
        "label": label,
        "value": options[chosen] if chosen else "",
        "active": bool(chosen),
        "clear_url": _url(pk, **others),
        "options": [
            {"label": words, "url": _url(pk, **others, **{name: value}), "active": value == chosen}
            for value, words in options.items()
        ],
    }


def change_lines(rows: Iterable[OrganizationChange]) -> list[dict[str, Any]]:
    """Changes for `{% timeline %}`."""
    return [
        {
            "title": row.get_kind_display(),
            "text": _text(row),
            "time_text": row.on.isoformat(),
            "icon": ICONS.get(row.kind, "arrow-right"),
            "tone": "done" if row.kind == "founded" else "plain",
        }
        for row in rows
    ]


def _text(row: OrganizationChange) -> str:
    old, new = row.old, row.new
    line = {
        "founded": new,
        "changed": f"{new}\n原来：{old}" if old else new,
        "merged": f"{old}并入{new}",
        "split": f"{old}分出{new}",
        "dissolved": f"会员和没办完的事由{new}接手" if new else "没有会员",
    }.get(row.kind, f"由“{old}”变为“{new}”")
    return f"{line}\n原因：{row.reason}" if row.reason else line

"""The finder that everybody may use, and the choice of a division for every form of the house."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.access.doors import door
from unionhome.core.organizations import queries
from unionhome.core.organizations.forms import FinderForm, division_choice, place_query
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import Actor, BadInput

MOST = 20


@door("open")
def finder(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The nearest union for a place or an employer. Shows unions only, never people."""
    form = FinderForm(request.GET)
    form.is_valid()
    text, place = form.cleaned_data.get("q", ""), form.cleaned_data.get("place", "")
    employers = queries.list_employers(text, MOST) if text else []
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "groups": _by_union(employers),
        "is_many": len(employers) == MOST,
    }
    if place:
        chain = queries.list_division_chain(place)
        context |= {
            "place": queries.get_division_text(chain[-1]),
            "is_lowest": chain[-1].level == "village",
            "unions": queries.list_unions_of_division(place),
            "wanted": chain[-1].level,
        }
    return render(request, "organizations/finder.html", context)


def _by_union(employers: list[Employer]) -> list[dict[str, Any]]:
    """Employers of one union together; those without one each by itself, with the way to the union of their place."""
    groups: dict[object, dict[str, Any]] = {}
    for employer in employers:
        key = employer.union_id or f"employer {employer.pk}"
        group = groups.setdefault(key, {"union": employer.union, "employers": [], "url": ""})
        group["employers"].append(employer)
        if employer.union is None:
            group["url"] = f"{reverse('organizations:finder')}?{urlencode(place_query('place', employer.division_id))}"
    return list(groups.values())


@door("open")
def divisions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Options below `parent`; or, with `name`, the whole choice drawn again for what is chosen so far."""
    name = request.GET.get("name", "")
    if name:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name):
            raise BadInput("请从页面上选择地方。")
        return HttpResponse(division_choice(name, request.GET, request.GET.get("required", "")))
    parent = request.GET.get("parent", "")
    context = {"divisions": queries.list_divisions(parent)}
    return render(request, "organizations/parts/options.html", context)

"""The finder that everybody may use, and the choice of a division for every form of the house."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from unionhome.core.access.doors import door
from unionhome.core.organizations import queries
from unionhome.core.organizations.forms import FinderForm, division_choice
from unionhome.core.registry import Actor, BadInput

MOST = 20


@door("open")
def finder(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The nearest union for a place or an employer. Shows unions only, never people."""
    form = FinderForm(request.GET)
    form.is_valid()
    text, place = form.cleaned_data.get("q", ""), form.cleaned_data.get("place", "")
    context = {
        "form": form,
        "text": text,
        "employers": queries.list_employers(text, MOST) if text else [],
        "is_many": False,
        "place": None,
    }
    if place:
        chain = queries.list_division_chain(place)
        context |= {
            "place": queries.division_text(chain[-1]),
            "is_lowest": chain[-1].level == "village",
            "unions": queries.list_unions_of_division(place),
            "levels": {"city": "市", "county": "县（市、区）", "town": "镇（街道）", "village": "村（社区）"},
            "wanted": chain[-1].level,
        }
    context["is_many"] = len(context["employers"]) == MOST
    return render(request, "organizations/finder.html", context)


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

"""Choosing the place of a need by taps on the schematic map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from unionhome.core.access.doors import door
from unionhome.core.cases.queries import list_town_choices
from unionhome.core.organizations.queries import find_division
from unionhome.core.registry import Actor
from unionhome.services.helpdesk import screens
from unionhome.services.helpdesk.forms import AskForm


def tapped_form(request: HttpRequest, *, ask_phone: bool) -> AskForm:
    """The form as it was typed, with town and village as they were tapped; nothing is judged yet."""
    typed = {name: value for name, value in request.POST.items() if name != "map"}
    division = find_division(request.POST.get("map", ""))
    if division is not None:
        is_village = division.level == "village"
        town = {"village": division.parent_id, "town": division.code}.get(division.level) or ""
        typed |= {"town": town, "village": division.code if is_village else ""}
    return AskForm(initial=typed, towns=list_town_choices(), ask_phone=ask_phone)


@require_POST
@door("open")
def place(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next level of the map, or the place that was chosen; nothing is kept."""
    form = tapped_form(request, ask_phone=False)
    card = screens.place_card(actor, form, request.POST.get("map", ""))
    return render(request, "helpdesk/place.html", {"form": form, "place": card, "live": True})

"""What everybody reads of deeds: the open list of a year, and one deed of it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unionhome.core.access.doors import door
from unionhome.core.files.views import send
from unionhome.core.registry import Actor
from unionhome.services.deeds import queries, screens
from unionhome.services.deeds.models import Stage
from unionhome.services.deeds.workflow import TABLE

PAGE_SIZE = 50


@require_GET
@door("open")
def public_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The open list of a year: how many, how many done, each with its state."""
    years = queries.list_open_years()
    asked = request.GET.get("year", "")
    year = next((each for each in years if str(each) == asked), years[0] if years else 0)
    owners = queries.list_open_owners(year)
    owner = next((node for node in owners if node.code == request.GET.get("union", "")), None)
    deeds = queries.list_open(year, owner.pk if owner else None)
    page = Paginator(deeds, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": years,
        "owner": owner,
        "owners": owners,
        "standing": screens.standing_text(queries.count_open(deeds)),
        "page": page,
        "rows": screens.open_rows(page.object_list),
    }
    return render(request, "deeds/public.html", context)


@require_GET
@door("open")
def public_deed(request: HttpRequest, actor: Actor, deed_id: int) -> HttpResponse:
    """One deed as everybody reads it; pictures only where the publisher opened them."""
    deed = queries.get_open_deed(deed_id)
    is_published = deed.state == "published"
    shown = screens.evidence(deed, "deeds:public_file") if is_published and deed.has_open_pictures else {}
    context = {
        "deed": deed,
        "state": screens.open_state(deed),
        "tone": TABLE.state(deed.state).tone,
        "fact_rows": screens.open_facts(deed),
        "scores": screens.score_rows(queries.count_ratings(deed)) if is_published else [],
        "before": [row for row in shown.get(Stage.BEFORE, []) if row["small_url"]],
        "after": [row for row in shown.get(Stage.AFTER, []) if row["small_url"]],
        "need_count": queries.count_needs(deed),
    }
    return render(request, "deeds/public_deed.html", context)


@require_GET
@door("open")
def public_file(request: HttpRequest, actor: Actor, deed_id: int, file_id: int) -> HttpResponse:
    """A picture that the publisher opened."""
    return send(request, queries.get_file(queries.get_open_deed(deed_id), file_id, is_public=True))

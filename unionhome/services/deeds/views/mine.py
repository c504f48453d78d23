"""The worker's pages of deeds: the lists of the unions above the own one, and the own word on a deed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.services.deeds import actions, queries, screens
from unionhome.services.deeds.forms import RateForm


@require_GET
@door("my")
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """办实事: the lists of the unions above the worker's own; what may be rated comes first."""
    deeds = list(queries.list_mine(actor)[:100])
    return render(request, "deeds/mine.html", {"rows": screens.own_rows(actor, deeds)})


@require_http_methods(["GET", "POST"])
@door("my")
def rate(request: HttpRequest, actor: Actor, deed_id: int) -> HttpResponse:
    """One deed, and the worker's word on it."""
    deed = queries.get_rated_deed(actor, deed_id)
    form = RateForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            actions.rate_deed(actor, deed_id, score=clean["score"], text=clean["text"], submit_key=clean["submit_key"])
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, "谢谢您的评价。")
            return redirect("deeds:mine")
    elif request.method == "POST":
        status = 400
    context = {
        "deed": deed,
        "row": screens.own_rows(actor, [deed])[0],
        "fact_rows": screens.open_facts(deed),
        "form": form,
        "back_url": reverse("deeds:mine"),
    }
    return render(request, "deeds/rate.html", context, status=status)

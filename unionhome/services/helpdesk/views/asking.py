"""Pages of needs: a worker asks, follows and rates; a cadre writes one down."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import address_of, door, put_refusal
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import find_applicant, list_town_choices
from unionhome.core.cases.rules import Route
from unionhome.core.organizations.models import Division
from unionhome.core.organizations.queries import find_division, find_employer_by_name
from unionhome.core.organizations.queries.places import find_town_code
from unionhome.core.registry import Actor, Refused
from unionhome.kit.errors import InputRefused
from unionhome.kit.papers import render_notice
from unionhome.kit.qr import qr_png
from unionhome.services.helpdesk import actions, queries, screens
from unionhome.services.helpdesk.actions import Helped
from unionhome.services.helpdesk.forms import AskForm, RegisterForm
from unionhome.services.helpdesk.rules.helped import Gathered
from unionhome.services.helpdesk.views.placing import tapped_form


@require_http_methods(["GET", "POST"])
@door("open")
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我有困难: one page; where it goes is shown before it is sent."""
    own_phone = find_own_phone(actor)
    if "map" in request.POST:  # a tap without scripts: nothing is sent yet, and nothing typed is lost
        return _ask_page(
            request, actor, tapped_form(request, ask_phone=not own_phone), None, tapped=request.POST["map"]
        )
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        initial={"town": request.GET.get("town", "")},
        towns=list_town_choices(),
        ask_phone=not own_phone,
    )
    if request.method != "POST":
        return _ask_page(request, actor, form, None)
    if not form.is_valid():
        return _ask_page(request, actor, form, None, status=400)
    found = _find_route(actor, form.cleaned_data)
    if found is not None and form.cleaned_data["shown_union"] != str(found.union.id):
        return _ask_page(request, actor, _preset(form), _find_route(actor, _preset(form).cleaned_data))
    return _send(request, actor, form, found)


def _send(request: HttpRequest, actor: Actor, form: AskForm, found: Route | None) -> HttpResponse:
    try:
        case, receipt = actions.report_need(actor, _need(form.cleaned_data), address=address_of(request))
    except Refused as refusal:
        put_refusal(form, refusal)
        return _ask_page(request, actor, form, found, status=refusal.status)
    messages.success(request, f"已发给{case.node.name}，编号{case.number}。", extra_tags="draft:help")
    if actor.is_signed_in and actor.door == "my":
        return redirect("cases:own", case.pk)
    return redirect("cases:receipt", receipt)


def _preset(form: AskForm) -> AskForm:
    """Before the first look at the route, the switch follows the category: on where it is about the employer."""
    hide = queries.is_about_employer(form.cleaned_data.get("category", ""))
    form.data = {**dict(form.data.items()), "hide": "on" if hide else ""}
    form.cleaned_data["hide"] = hide
    return form


def _find_route(actor: Actor, clean: dict[str, Any]) -> Route | None:
    return queries.find_route(
        find_applicant(actor),
        category=clean.get("category", ""),
        hide=bool(clean.get("hide")),
        employer=find_employer_by_name(clean.get("employer_text", "")),
        division=_place_of(clean),
    )


def _place_of(clean: dict[str, Any]) -> Division | None:
    """The village where one was chosen, else the town."""
    code = clean.get("village") or clean.get("town")
    return find_division(code) if code else None


def _find_like(actor: Actor, clean: dict[str, Any], found: Route | None) -> Case | None:
    if found is None or clean.get("hide"):
        return None
    employer = find_employer_by_name(clean.get("employer_text", "")) or find_applicant(actor).employer
    division = _place_of(clean)
    return queries.find_like(
        actor, found, clean["category"], employer=employer, division=division, place=clean.get("place_text", "")
    )


def _need(clean: dict[str, Any]) -> actions.Need:
    uploads = [Upload(photo.name, photo.read()) for photo in clean["photos"]]
    uploads += [Upload(voice.name, voice.read(), "audio") for voice in clean["voice"]]
    return actions.Need(
        category=clean["category"],
        text=clean["text"],
        phone=clean.get("phone", ""),
        name=clean.get("name", ""),
        hide_from_employer=clean["hide"],
        employer=find_employer_by_name(clean["employer_text"]),
        employer_text=clean["employer_text"],
        division=_place_of(clean),
        place_text=clean["place_text"],
        join=clean["join"],
        submit_key=clean["submit_key"],
        uploads=uploads,
    )


def _ask_page(
    request: HttpRequest, actor: Actor, form: AskForm, found: Route | None, *, tapped: str = "", status: int = 200
) -> HttpResponse:
    back_url = reverse("home:my") if actor.door == "my" else reverse("home:landing")
    context = {
        "form": form,
        "route": screens.route_card(found, actor.at),
        "like": screens.like_text(_find_like(actor, form.cleaned_data if form.is_bound else {}, found)),
        "back_url": back_url,
        "place": screens.place_card(actor, form, tapped),
        "own_phone": find_own_phone(actor),
    }
    return render(request, "helpdesk/ask.html", context, status=status)


@require_POST
@door("open")
def route(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The card 会发给谁 while the form is being filled; nothing is kept."""
    form = AskForm(request.POST, towns=list_town_choices(), ask_phone=False)
    form.is_valid()
    preset = "category" in (request.headers.get("HX-Trigger-Name"), request.POST.get("changed"))
    if preset:
        _preset(form)
    known = "category" in form.cleaned_data
    found = _find_route(actor, form.cleaned_data) if known else None
    like = _find_like(actor, form.cleaned_data, found)
    context = {
        "form": form,
        "route": screens.route_card(found, actor.at),
        "like": screens.like_text(like),
        "live": True,
        "preset": preset,
        "is_town": "town" in (request.headers.get("HX-Trigger-Name"), request.POST.get("changed")),
        "place": screens.place_card(actor, form, ""),
    }
    return render(request, "helpdesk/route.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "helpdesk.register")
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """登记事项: a cadre writes down the need of a worker who came in or rang."""
    form = RegisterForm(request.POST or None, request.FILES or None, towns=list_town_choices())
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            case, _ = actions.register_need(actor, _registered(form.cleaned_data))
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(
                request, f"已登记，编号{case.number}，由{case.node.name}承办。", extra_tags="draft:register"
            )
            return redirect("helpdesk:slip", case.pk)
    elif request.method == "POST":
        status = 400
    return render(request, "helpdesk/register.html", {"form": form}, status=status)


def _registered(clean: dict[str, Any]) -> actions.Need:
    slip = [Upload(photo.name, photo.read()) for photo in clean["slip"]]
    helped = Helped(
        relation=clean["relation"],
        name=clean["helper_name"],
        phone=clean["helper_phone"],
        consent=clean["consent"],
        is_contact=clean["is_contact"],
        slip=slip[0] if slip else None,
    )
    return replace(_need(clean), helped=helped, origin=clean["origin"] or Gathered.WALK_IN)


@require_safe
@door("desk", "helpdesk.register")
def share(request: HttpRequest, actor: Actor) -> HttpResponse:
    """宣传卡: words and a code for the chat groups and notice boards of the own union."""
    address = _share_address(request, actor)
    return render(request, "helpdesk/share.html", screens.share_card(actor, address) | {"address": address})


@require_safe
@door("desk", "helpdesk.register")
def share_code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The code of the card as a picture to send or to print."""
    answer = HttpResponse(qr_png(_share_address(request, actor)), content_type="image/png")
    answer["Content-Disposition"] = content_disposition_header(True, "我有困难-二维码.png") or "attachment"
    return answer


@require_safe
@door("desk", "helpdesk.register")
def share_picture(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The card's words and its code in one picture for a chat group."""
    address = _share_address(request, actor)
    try:
        answer = HttpResponse(render_notice(screens.share_notice(actor, address)), content_type="image/png")
    except InputRefused as refused:
        raise Refused(refused.sentence, refused.code) from refused
    is_saved = request.GET.get("save") == "1"
    answer["Content-Disposition"] = content_disposition_header(is_saved, "有难处找工会.png") or "inline"
    return answer


def _share_address(request: HttpRequest, actor: Actor) -> str:
    """Where workers write, with the town of the union filled in; by the public address where one is set."""
    town = find_town_code(actor.node_id or 0)
    path = reverse("helpdesk:ask") + (f"?town={town}" if town else "")
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)

"""Pages of needs: a worker asks, follows and rates; a cadre writes one down."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import address_of, door
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases import actions as case_actions
from unionhome.core.cases import queries as case_queries
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.forms import MaterialForm, RateForm
from unionhome.core.cases.models import Case
from unionhome.core.files.views import send
from unionhome.core.organizations.queries import find_division, find_employer_by_name
from unionhome.core.registry import Actor, NotFound, Refused, list_panels
from unionhome.kit.forms import Form
from unionhome.services.helpdesk import actions, queries, screens
from unionhome.services.helpdesk.forms import AskForm, RegisterForm, WithdrawForm
from unionhome.services.helpdesk.rules import Route


@require_http_methods(["GET", "POST"])
@door("open")
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我有困难: one page; where it goes is shown before it is sent."""
    own_phone = find_own_phone(actor)
    form = AskForm(
        request.POST or None, request.FILES or None, towns=queries.list_town_choices(), ask_phone=not own_phone
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
        _put_refusal(form, refusal)
        return _ask_page(request, actor, form, found, status=refusal.status)
    messages.success(request, f"已发给{case.node.name}，编号{case.number}。")
    if actor.is_signed_in and actor.door == "my":
        return redirect("helpdesk:matter", case.pk)
    return redirect("helpdesk:receipt", receipt)


def _put_refusal(form: Form, refusal: Refused) -> None:
    for name, sentence in (refusal.fields or {"": refusal.sentence}).items():
        form.add_error(name if name in form.fields else None, sentence)


def _preset(form: AskForm) -> AskForm:
    """Before the first look at the route, the switch follows the category: on where it is about the employer."""
    hide = queries.is_about_employer(form.cleaned_data.get("category", ""))
    form.data = {**dict(form.data.items()), "hide": "on" if hide else ""}
    form.cleaned_data["hide"] = hide
    return form


def _find_route(actor: Actor, clean: dict[str, Any]) -> Route | None:
    return queries.find_route(
        queries.find_applicant(actor),
        category=clean.get("category", ""),
        hide=bool(clean.get("hide")),
        employer=find_employer_by_name(clean.get("employer_text", "")),
        division=find_division(clean["town"]) if clean.get("town") else None,
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
        division=find_division(clean["town"]) if clean["town"] else None,
        place_text=clean["place_text"],
        submit_key=clean["submit_key"],
        uploads=uploads,
    )


def _ask_page(
    request: HttpRequest, actor: Actor, form: AskForm, found: Route | None, *, status: int = 200
) -> HttpResponse:
    back_url = reverse("home:my") if actor.door == "my" else reverse("home:landing")
    context = {
        "form": form,
        "route": screens.route_card(found, actor.at),
        "back_url": back_url,
        "own_phone": find_own_phone(actor),
    }
    return render(request, "helpdesk/ask.html", context, status=status)


@require_POST
@door("open")
def route(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The card 会发给谁 while the form is being filled; nothing is kept."""
    form = AskForm(request.POST, towns=queries.list_town_choices(), ask_phone=False)
    form.is_valid()
    preset = "category" in (request.headers.get("HX-Trigger-Name"), request.POST.get("changed"))
    if preset:
        _preset(form)
    known = "category" in form.cleaned_data
    found = _find_route(actor, form.cleaned_data) if known else None
    context = {"form": form, "route": screens.route_card(found, actor.at), "live": True, "preset": preset}
    return render(request, "helpdesk/route.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "helpdesk.register")
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """登记事项: a cadre writes down the need of a worker who came in or rang."""
    form = RegisterForm(request.POST or None, request.FILES or None, towns=queries.list_town_choices())
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            case, _ = actions.register_need(actor, _need(form.cleaned_data))
        except Refused as refusal:
            _put_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, f"已登记，编号{case.number}，由{case.node.name}承办。")
            return (
                redirect("cases:case", case.pk) if actor.may("cases.view", case.node.path) else redirect("cases:list")
            )
    elif request.method == "POST":
        status = 400
    return render(request, "helpdesk/register.html", {"form": form}, status=status)


@require_GET
@door("my")
def matter_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的事项: the worker's own, what is their turn first."""
    cases = list(case_queries.list_own_cases(actor)[:200])
    context = {"matters": screens.matter_rows(cases, actor.at), "others": _others(actor)}
    return render(request, "helpdesk/matters.html", context)


@require_GET
@door("my")
def matter(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One matter: what next, by when, who; the three clocks; the timeline; the rating."""
    case = case_queries.get_own_case(actor, case_id)
    return _matter_page(request, actor, case, reverse("helpdesk:matter", args=[case_id]))


@require_GET
@door("open")
def matter_by_receipt(request: HttpRequest, actor: Actor, receipt: str) -> HttpResponse:
    """The same by receipt code, without an account."""
    case = case_queries.get_case_by_receipt(receipt)
    return _matter_page(request, actor, case, reverse("helpdesk:receipt", args=[receipt]), receipt=receipt)


def _matter_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    base_url: str,
    *,
    receipt: str = "",
    status: int = 200,
    rate: RateForm | None = None,
) -> HttpResponse:
    context = screens.matter_context(case, actor.at, base_url)
    context |= {
        "rate": rate or RateForm(),
        "base_url": base_url,
        "receipt": receipt,
        "page_url": request.build_absolute_uri(base_url),
        "can_keep": bool(receipt) and case_queries.is_keepable(actor, case),
        "is_visitor": not actor.is_signed_in,
        "back_url": reverse("helpdesk:mine") if not receipt else "/",
    }
    return render(request, "helpdesk/matter.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("my")
def act(request: HttpRequest, actor: Actor, case_id: int, act: str) -> HttpResponse:
    """What the worker does with an own matter: rate, add material, take back."""
    case = case_queries.get_own_case(actor, case_id)
    return _act(request, actor, case, act, reverse("helpdesk:matter", args=[case_id]))


@require_http_methods(["GET", "POST"])
@door("open")
def act_by_receipt(request: HttpRequest, actor: Actor, receipt: str, act: str) -> HttpResponse:
    """The same by receipt code."""
    case = case_queries.get_case_by_receipt(receipt)
    return _act(request, actor, case, act, reverse("helpdesk:receipt", args=[receipt]), receipt=receipt)


ACTS: dict[str, tuple[type[Form], str, str]] = {
    "material": (MaterialForm, "补材料", "已补上，经办人能看到了。"),
    "withdraw": (WithdrawForm, "撤回诉求", "已撤回。"),
    "rate": (RateForm, "评价", "谢谢您的评价。"),
    "keep": (Form, "放进我的事项", "已放进“我的事项”，登录后随时能看。"),
}


def _act(request: HttpRequest, actor: Actor, case: Case, act: str, base_url: str, *, receipt: str = "") -> HttpResponse:
    if act not in ACTS:
        raise NotFound()
    form_class, label, done = ACTS[act]
    form = form_class(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _do(actor, case, act, form.cleaned_data)
        except Refused as refusal:
            _put_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, done)
            return redirect(base_url)
    elif request.method == "POST":
        status = 400
    context = {
        "form": form,
        "label": label,
        "case": case,
        "base_url": base_url,
        "back_url": base_url,
        "is_withdrawal": act == "withdraw",
        "category": case_queries.get_kind(case.kind).category(case.category).label,
    }
    return render(request, "helpdesk/act.html", context, status=status)


def _do(actor: Actor, case: Case, act: str, clean: dict[str, Any]) -> None:
    key = clean["submit_key"]
    if act == "rate":
        case_actions.rate_case(actor, case, rating=clean["rating"], text=clean["text"], submit_key=key)
    elif act == "keep":
        case_actions.keep_case(actor, case)
    elif act == "withdraw":
        case_actions.withdraw_case(actor, case, reason=clean["reason"], submit_key=key)
    else:
        uploads = tuple(Upload(photo.name, photo.read()) for photo in clean["photos"])
        case_actions.add_material(actor, case, text=clean["text"], uploads=uploads, submit_key=key)


@require_GET
@door("my")
def matter_file(request: HttpRequest, actor: Actor, case_id: int, file_id: int) -> HttpResponse:
    """A file of an own matter."""
    case = case_queries.get_own_case(actor, case_id)
    return send(request, case_queries.get_file(case, file_id, public_only=True))


@require_GET
@door("open")
def file_by_receipt(request: HttpRequest, actor: Actor, receipt: str, file_id: int) -> HttpResponse:
    """A file of the matter behind a receipt code."""
    case = case_queries.get_case_by_receipt(receipt)
    return send(request, case_queries.get_file(case, file_id, public_only=True))


def own_panel(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """我的事项 on the worker's home."""
    others = _others(actor)
    cases = list(case_queries.list_own_cases(actor)[:50])
    return "helpdesk/my_panel.html", {
        "rows": screens.matter_rows(cases, actor.at)[:3],
        "count": len(cases) + sum(len(context["rows"]) for _, context in others),
        "others": others,
    }


def _others(actor: Actor) -> list[tuple[str, Any]]:
    """What other rooms have under way for the worker, where they have anything."""
    return [(template, context) for template, context in list_panels(actor, "home.matters") if context["rows"]]

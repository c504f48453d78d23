"""The worker's own card and file: facts with their source, who looked, consents, corrections, export, leaving."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import LeaveForm, OwnCorrectForm
from unionhome.core.members.rules.privacy import SHOWN_SECONDS
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import look_lines
from unionhome.core.registry import Actor, NotFound, Refused, list_panels
from unionhome.kit.dates import deadline_text
from unionhome.kit.qr import qr_svg

LOOK_ROWS = 3
ALL_LOOKS = 30


@require_safe
@door("my")
def card(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The membership card and the own file; somebody who is no member is shown the way in."""
    return _card_page(request, actor, {})


@require_POST
@door("my")
def show(request: HttpRequest, actor: Actor, part: str) -> HttpResponse:
    """Show one covered fact of the own file for a minute."""
    answer = _card_page(request, actor, actions.open_own_file(actor, part))
    answer["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('members:card')}"
    return answer


def _card_page(request: HttpRequest, actor: Actor, opened: dict[str, str]) -> HttpResponse:
    try:
        own = queries.get_own_file(actor, opened=opened)
    except NotFound:
        looks = look_lines(actor, queries.list_own_access(actor)[:LOOK_ROWS])
        return render(request, "members/no_card.html", {"looks": looks})
    leaving = queries.find_own_leaving(actor)
    link = reverse("members:scan", args=[own.card_code]) if own.card_code else ""
    context = {
        "own": own,
        "qr": mark_safe(qr_svg(request.build_absolute_uri(link), title="会员码")) if link else "",  # noqa: S308
        "looks": look_lines(actor, queries.list_own_access(actor)[:LOOK_ROWS]),
        "consents": queries.list_own_consents(actor),
        "corrections": queries.list_own_correction_lines(actor),
        "panels": list_panels(actor, "members.mine", own.person),
        "leaving": leaving,
        "leaving_word": queries.find_leaving_word(actor),
        "leaving_due": deadline_text(leaving.due_at, actor.at) if leaving else "",
        "opened": opened,
        "seconds": SHOWN_SECONDS,
    }
    return render(request, "members/card.html", context)


@require_safe
@door("my")
def looks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody who opened the own file."""
    page = Paginator(queries.list_own_access(actor), ALL_LOOKS).get_page(request.GET.get("page"))
    context = {"page": page, "looks": look_lines(actor, page.object_list)}
    return render(request, "members/my_looks.html", context)


@require_POST
@door("my")
def consent(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give a consent, or take it back."""
    purpose = request.POST.get("purpose", "")
    if request.POST.get("answer") == "give":
        actions.give_consent(actor, purpose)
        messages.success(request, "已记下您的同意，随时可以撤回。")
    else:
        actions.withdraw_consent(actor, purpose)
        messages.success(request, "同意已撤回，从现在起不再使用。")
    return redirect(f"{reverse('members:card')}#consents")


@require_http_methods(["GET", "HEAD", "POST"])
@door("my")
def correct(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask the union to correct one fact: first which, then how it should read."""
    queries.get_own_person(actor)
    fact = request.POST.get("fact") or request.GET.get("fact", "")
    form, status = OwnCorrectForm(request.POST or None, fact=fact), 200
    if request.method == "POST":
        status = 400
        if "value" in form.fields and form.is_valid():
            try:
                row = actions.request_correction(
                    actor,
                    fact=fact,
                    value=form.cleaned_data["value"],
                    note=form.cleaned_data["note"],
                    submit_key=form.cleaned_data["submit_key"],
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, f"已发给{row.node.name}核对。")
                return redirect("members:card")
    return render(request, "members/my_correct.html", {"form": form, "fact": fact}, status=status)


@require_POST
@door("my")
def cancel_correction(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take a request back."""
    actions.cancel_correction(actor, pk)
    messages.success(request, "更正申请已撤回。")
    return redirect("members:card")


@require_POST
@door("my")
def export(request: HttpRequest, actor: Actor, form: str) -> HttpResponse:
    """Everything the register holds of the worker, as a file: json for programs, html to read."""
    if form not in ("json", "html"):
        raise NotFound
    found = actions.export_own_file(actor)
    if form == "json":
        text = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    else:
        answer = HttpResponse(render_to_string("members/export.html", {"export": found}))
    day = timezone.localdate(actor.at).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="my-data-{day}.{form}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@door("my")
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give notice of leaving."""
    own = queries.get_own_file(actor)
    form, status = LeaveForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                row = actions.request_leaving(
                    actor, reason=form.cleaned_data["reason"], submit_key=form.cleaned_data["submit_key"]
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, f"退会申请已发给{row.node.name}。")
                return redirect("members:card")
    return render(request, "members/leave.html", {"form": form, "own": own}, status=status)


@require_POST
@door("my")
def cancel_leaving(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Stay after all."""
    row = actions.cancel_leaving(actor)
    messages.success(request, f"退会申请已撤回，您还是{row.node.name}的会员。")
    return redirect("members:card")

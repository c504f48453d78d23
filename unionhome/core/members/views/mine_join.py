"""The worker's pages of joining: five fields, where it will go, how it stands. They need no script."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from unionhome.core.access.doors import door
from unionhome.core.access.queries import find_own_phone
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import JoinForm
from unionhome.core.members.rules.joining import Route
from unionhome.core.members.rules.privacy import REGISTER, find_purpose
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import step_lines
from unionhome.core.registry import Actor, Refused
from unionhome.kit.codes import mask_phone
from unionhome.kit.dates import deadline_text

OWN_NAMES = ("csrfmiddlewaretoken", "send", "change")
"""What belongs to the sending, not to the form."""


@require_http_methods(["GET", "HEAD", "POST"])
@door("my")
def join(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form, the preview of where it goes, or how the last application stands."""
    own = queries.find_own_application(actor)
    is_open = own is not None and not own.state.is_end
    membership = queries.get_membership(actor.person_id)
    if request.method != "POST":
        if membership:
            return render(request, "members/joined.html", {"membership": membership})
        if own and (is_open or "new" not in request.GET):
            context = {
                "own": own,
                "steps": step_lines(actor, own.steps),
                "due_text": deadline_text(own.application.due_at, actor.at),
                "document": own.document,
            }
            return render(request, "members/join_status.html", context)
        return _form_page(request, actor, _form(request, actor))
    return _preview(request, actor, reverse("members:join_send"))


@require_http_methods(["GET", "HEAD", "POST"])
@door("my")
def again(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Complete a returned application: the same form, filled with what was sent."""
    given = queries.get_returned(actor)
    if request.method != "POST":
        form = _form(request, actor, initial=given)
        return _form_page(request, actor, form, returned=queries.find_own_application(actor))
    if "send" not in request.POST:
        return _preview(request, actor, reverse("members:join_again"))
    form = _form(request, actor)
    if form.is_valid():
        try:
            row = actions.resubmit_application(actor, form.given(), submit_key=form.cleaned_data["submit_key"])
        except Refused as refused:
            put_errors(form, refused)
            return _form_page(request, actor, form, status=refused.status)
        messages.success(request, f"补正后的申请已发给{row.node.name}。", extra_tags="draft:join")
        return redirect("members:join")
    return _form_page(request, actor, form, status=400)


def _form(request: HttpRequest, actor: Actor, **kwargs: Any) -> JoinForm:
    posted = request.POST if request.method == "POST" else None
    employers: list[tuple[str, str]] = []
    if posted is not None and not queries.find_employer(None, posted.get("employer_text", "")):
        employers = [
            (str(each.pk), each.name) for each in queries.list_likely_employers(posted.get("employer_text", ""))
        ]
    return JoinForm(posted, employers=employers, **kwargs)


def _form_page(
    request: HttpRequest, actor: Actor, form: JoinForm, *, returned: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "phone": mask_phone(find_own_phone(actor)),
        "purpose": find_purpose(REGISTER),
        "returned": returned,
        "asks_employer": len(form.fields["employer_id"].choices) > 1,  # type: ignore[attr-defined]
    }
    return render(request, "members/join.html", context, status=status)


def _preview(request: HttpRequest, actor: Actor, send_url: str) -> HttpResponse:
    form = _form(request, actor)
    if not form.is_valid():
        return _form_page(request, actor, form, status=400)
    given = form.given()
    try:
        route: Route = queries.get_join_preview(actor, given)
    except Refused as refused:
        put_errors(form, refused)
        return _form_page(request, actor, form, status=refused.status)
    context = {
        "form": form,
        "fields": [(name, text) for name, text in request.POST.items() if name not in OWN_NAMES],
        "lines": queries.list_join_lines(actor, given),
        "route": route,
        "due_text": deadline_text(queries.get_route_due(actor, route), actor.at),
        "send_url": send_url,
    }
    return render(request, "members/join_confirm.html", context)


@require_POST
@door("my")
def send(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Send what the preview showed."""
    form = _form(request, actor)
    if "change" in request.POST or not form.is_valid():
        return _form_page(request, actor, form, status=200 if "change" in request.POST else 400)
    try:
        joined = actions.apply_to_join(actor, form.given(), submit_key=form.cleaned_data["submit_key"])
    except Refused as refused:
        put_errors(form, refused)
        return _form_page(request, actor, form, status=refused.status)
    if joined.membership:
        messages.success(
            request, f"您已经是{joined.membership.node.name}的会员，会员码可以用了。", extra_tags="draft:join"
        )
        return redirect("members:card")
    if joined.application:
        messages.success(request, f"申请已发给{joined.application.node.name}。", extra_tags="draft:join")
    return redirect("members:join")


@require_POST
@door("my")
def cancel(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the application back."""
    row = actions.cancel_application(actor)
    messages.success(request, f"申请已撤回，{row.node.name}不会再处理。")
    return redirect("members:join")

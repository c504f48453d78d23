"""The worker's pages of a transfer: the new employer or place, where it will go, how it stands. They need no script."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import MoveForm
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import step_lines
from unionhome.core.registry import Actor, Refused
from unionhome.kit.dates import deadline_text

OWN_NAMES = ("csrfmiddlewaretoken", "send", "change")
"""What belongs to the sending, not to the form."""


@require_http_methods(["GET", "HEAD", "POST"])
@door("my")
def move(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How the last transfer stands, else the form, else the preview of where it goes."""
    own = queries.find_own_transfer(actor)
    if request.method == "POST":
        return _preview(request, actor)
    if own and (own.is_open or "new" not in request.GET):
        context = {
            "own": own,
            "steps": step_lines(actor, own.steps),
            "due_text": deadline_text(own.transfer.due_at, actor.at),
            "is_late": own.is_open and own.transfer.due_at < actor.at,
        }
        return render(request, "members/my_transfer.html", context)
    return _form_page(request, actor, _form(request))


def _form(request: HttpRequest) -> MoveForm:
    posted = request.POST if request.method == "POST" else None
    text = posted.get("employer_text", "") if posted is not None else ""
    employers: list[tuple[str, str]] = []
    if text and not queries.find_employer(None, text):
        employers = [(str(each.pk), each.name) for each in queries.list_likely_employers(text)]
    return MoveForm(posted, employers=employers)


def _form_page(request: HttpRequest, actor: Actor, form: MoveForm, *, status: int = 200) -> HttpResponse:
    membership = queries.get_membership(actor.person_id)
    if membership is None:
        return redirect("members:join")
    context = {
        "form": form,
        "membership": membership,
        "asks_employer": len(form.fields["employer_id"].choices) > 1,  # type: ignore[attr-defined]
    }
    return render(request, "members/my_move.html", context, status=status)


def _preview(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return _form_page(request, actor, form, status=400)
    try:
        preview = queries.get_move_preview(actor, form.given())
    except Refused as refused:
        put_errors(form, refused)
        return _form_page(request, actor, form, status=refused.status)
    context: dict[str, Any] = {
        "fields": [(name, text) for name, text in request.POST.items() if name not in OWN_NAMES],
        "preview": preview,
        "due_text": deadline_text(preview.due_at, actor.at),
    }
    return render(request, "members/my_move_confirm.html", context)


@require_POST
@door("my")
def send(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Send what the preview showed."""
    form = _form(request)
    if "change" in request.POST or not form.is_valid():
        return _form_page(request, actor, form, status=200 if "change" in request.POST else 400)
    try:
        row = actions.request_transfer(actor, form.given(), submit_key=form.cleaned_data["submit_key"])
    except Refused as refused:
        put_errors(form, refused)
        return _form_page(request, actor, form, status=refused.status)
    messages.success(request, f"转接申请已发给{row.from_node.name}。", extra_tags="draft:move")
    return redirect("members:move")


@require_POST
@door("my")
def cancel(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the request back."""
    row = actions.cancel_transfer(actor)
    messages.success(request, f"转接已撤回，会籍还在{row.from_node.name}。")
    return redirect("members:move")

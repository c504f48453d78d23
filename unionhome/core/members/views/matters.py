"""The desk's pages of notices of leaving and of requests for correction."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import ReasonForm
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import light, next_lines, step_lines
from unionhome.core.members.workflow import CORRECTION, LEAVING
from unionhome.core.registry import Actor, Refused
from unionhome.kit.dates import deadline_text


@require_safe
@door("desk", "members.view")
def leaving(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A member's notice of leaving."""
    row = queries.get_leaving(actor, pk)
    page = queries.get_leaving_page(actor, row)
    urls = {"confirm": reverse("members:confirm_leaving", args=[pk])}
    confirm = {"confirm": "办理以后会籍今天结束。确定办理吗？"}
    context = {
        "page": page,
        "row": row,
        "kind": "退会申请",
        "steps": step_lines(actor, page.steps),
        "next_steps": next_lines(LEAVING, page.next_steps, urls, confirm),
        "due_text": "" if page.state.is_end else deadline_text(row.due_at, actor.at),
        "light": light(actor, row.due_at, row.submitted_at, is_over=page.state.is_end),
    }
    return render(request, "members/leaving.html", context)


@require_POST
@door("desk", "members.confirm")
def confirm_leaving(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """End the membership as the member asked."""
    actions.confirm_leaving(actor, pk)
    messages.success(request, "退会已办理，会籍今天结束，档案和经过都留着。")
    return redirect("members:leaving", pk=pk)


@require_safe
@door("desk", "members.view")
def correction(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A member's request to change one fact."""
    row = queries.get_correction(actor, pk)
    page = queries.get_correction_page(actor, row)
    urls = {
        "accept": reverse("members:accept_correction", args=[pk]),
        "decline": reverse("members:decline_correction", args=[pk]),
    }
    context = {
        "page": page,
        "row": row,
        "kind": "更正申请",
        "steps": step_lines(actor, page.steps),
        "next_steps": next_lines(CORRECTION, page.next_steps, urls, {}),
        "due_text": "" if page.state.is_end else deadline_text(row.due_at, actor.at),
        "light": light(actor, row.due_at, row.submitted_at, is_over=page.state.is_end),
    }
    return render(request, "members/correction.html", context)


@require_POST
@door("desk", "members.accept")
def accept_correction(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take the member's value."""
    actions.accept_correction(actor, pk)
    messages.success(request, "已按本人申请更正，来源记为“本人更正”。")
    return redirect("members:correction", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.decline")
def decline_correction(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Leave the fact as it is, with the reason."""
    row = queries.get_correction(actor, pk)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.decline_correction(
                    actor, pk, reason=form.cleaned_data["reason"], submit_key=form.cleaned_data["submit_key"]
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, "已答复不更正，本人能看到原因。")
                return redirect("members:correction", pk=pk)
    context = {
        "form": form,
        "label": "不采纳更正",
        "title": queries.get_correction_page(actor, row).name,
        "back": reverse("members:correction", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)

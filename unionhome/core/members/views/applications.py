"""The desk's pages of applications to join."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import ForwardForm, ReasonForm, UnmaskForm
from unionhome.core.members.models import Application
from unionhome.core.members.rules.codes import Part, Reason
from unionhome.core.members.rules.privacy import SHOWN_SECONDS
from unionhome.core.members.views.desk import put_errors, unmask_reasons
from unionhome.core.members.views.lines import light, look_lines, next_lines, step_lines
from unionhome.core.members.workflow import APPLICATION
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit.dates import deadline_text

PAGE_ROWS = 40
VERBS = ("approve", "return_to_worker", "forward", "decline")
CONFIRM = {"approve": "同意以后，申请人今天起就是会员。确定同意吗？"}


@require_safe
@door("desk", "members.view")
def application_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Applications of the actor's branches, by state."""
    state = request.GET.get("state", "submitted")
    chosen = state if state in APPLICATION.by_name else ""
    page = Paginator(queries.list_applications(actor, chosen), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.list_application_rows(actor, page.object_list),
        "states": [
            {"name": "全部", "url": "?state=all", "active": not chosen},
            *(
                {"name": each.label, "url": f"?state={each.name}", "active": each.name == chosen}
                for each in APPLICATION.states
            ),
        ],
    }
    return render(request, "members/applications.html", context)


@require_safe
@door("desk", "members.view")
def application(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One application with what is needed to answer it."""
    return _page(request, actor, queries.get_application(actor, pk))


@door("desk", "members.unmask")
def open_part(request: HttpRequest, actor: Actor, pk: int, part: str) -> HttpResponse:
    """Show one covered fact of an application for a minute."""
    if request.method != "POST":
        return redirect("members:application", pk=queries.get_application(actor, pk).pk)
    form = UnmaskForm(request.POST)
    form.is_valid()
    row = queries.get_application(actor, pk)
    try:
        opened = actions.open_application(
            actor,
            pk,
            reason=form.cleaned_data.get("reason", ""),
            reason_text=form.cleaned_data.get("reason_text", ""),
            parts=(part,),
        )
    except BadInput as refused:
        return _page(request, actor, row, problem=refused.sentence, status=400)
    answer = _page(request, actor, row, opened=opened)
    answer["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('members:application', args=[pk])}"
    return answer


def _page(
    request: HttpRequest,
    actor: Actor,
    row: Application,
    *,
    opened: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    page = queries.get_application_page(actor, row, opened=opened)
    urls = {verb: reverse(f"members:{verb}", args=[row.pk]) for verb in VERBS}
    is_over = page.state.is_end or row.state == "returned"
    context = {
        "page": page,
        "row": row,
        "steps": step_lines(actor, page.steps),
        "next_steps": next_lines(APPLICATION, page.next_steps, urls, CONFIRM),
        "looks": look_lines(actor, page.looks),
        "reasons": unmask_reasons(Reason.MEMBERSHIP),
        "seconds": SHOWN_SECONDS,
        "may_unmask": actor.may("members.unmask", row.node.path) and not page.state.is_end,
        "opened": dict(opened or {}),
        "part_words": {part.value: part.label for part in Part},
        "problem": problem,
        "due_text": "" if is_over else deadline_text(row.due_at, actor.at),
        "light": light(actor, row.due_at, row.submitted_at, is_over=is_over),
        "submitted_on": timezone.localdate(row.submitted_at),
    }
    return render(request, "members/application.html", context, status=status)


@require_POST
@door("desk", "members.approve")
def approve(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Agree to an application."""
    membership = actions.approve_application(actor, pk)
    messages.success(request, f"已同意，{membership.node.name}多了一名会员，本人手机上能看到。")
    return redirect("members:application", pk=pk)


def _with_reason(
    request: HttpRequest, actor: Actor, pk: int, verb: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    row = queries.get_application(actor, pk)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(actor, pk, reason=form.cleaned_data["reason"], submit_key=form.cleaned_data["submit_key"])
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, done)
                return redirect("members:application", pk=pk)
    context = {
        "form": form,
        "label": APPLICATION.transition(verb).label,
        "title": queries.get_application_page(actor, row).name,
        "back": reverse("members:application", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.return_to_worker")
def return_to_worker(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask the applicant to complete something."""
    done = "已退回，申请人能看到原因，补正后会回到这里。"
    return _with_reason(request, actor, pk, "return_to_worker", actions.return_application, done)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.decline")
def decline(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say no."""
    return _with_reason(request, actor, pk, "decline", actions.decline_application, "已答复不同意，申请人能看到原因。")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.forward")
def forward(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Hand an application to another union, found by its name."""
    row = queries.get_application(actor, pk)
    fitting = queries.list_likely_unions(request.POST.get("union", ""))
    form = ForwardForm(request.POST or None, unions=[(node.code, node.name) for node in fitting])
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            chosen = queries.find_chosen_union(form.cleaned_data["union"], form.cleaned_data["code"], fitting)
            if chosen is None:
                form.add_error("union", "请在下面选一个工会" if fitting else "没有找到这个工会，请换几个字")
            else:
                try:
                    actions.forward_application(
                        actor,
                        pk,
                        node=chosen,
                        reason=form.cleaned_data["reason"],
                        submit_key=form.cleaned_data["submit_key"],
                    )
                except Refused as refused:
                    put_errors(form, refused)
                    status = refused.status
                else:
                    messages.success(request, f"已转给{chosen.name}，由它答复申请人。")
                    return redirect("members:applications")
    context = {
        "form": form,
        "label": "转给别的工会",
        "title": queries.get_application_page(actor, row).name,
        "back": reverse("members:application", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)

"""The desk's pages by which a union changes a membership: retained, back, a death, an expulsion."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.files.views import send as send_file
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import DeathForm, DecisionForm, ExpelForm, ReasonForm, ResumeForm, RetainForm
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import light, next_lines, step_lines
from unionhome.core.members.workflow import EXPULSION
from unionhome.core.registry import Actor, Refused
from unionhome.kit.dates import deadline_text

CONFIRM = {"file": "备案以后，会籍今天结束。确定备案吗？"}


def _change(
    request: HttpRequest, actor: Actor, pk: int, form: Any, act: Callable[..., Any], label: str, done: str, note: str
) -> HttpResponse:
    """A form beside a member; once it is done, back to the member."""
    person, status = queries.get_person(actor, pk), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(actor, pk, **form.given())
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, done)
                return redirect("members:member", pk=pk)
    context = {
        "form": form,
        "label": label,
        "note": note,
        "title": queries.get_shown_name(actor, person),
        "back": reverse("members:member", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.retain")
def retain(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Retain the membership of somebody retired or out of work."""
    form = RetainForm(request.POST or None)
    note = "保留会籍的人还是会员，不交会费；找到工作以后可以恢复。从今天起算。"
    return _change(request, actor, pk, form, actions.retain_member, "转为保留会籍", "已转为保留会籍。", note)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.retain")
def resume(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Bring a retained member back to active."""
    form = ResumeForm(request.POST or None)
    note = "在本工会恢复。到别的单位上班的，请办转接。"
    return _change(request, actor, pk, form, actions.resume_member, "恢复在会", "已恢复在会。", note)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.record_death")
def record_death(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Close the membership of somebody who died."""
    form = DeathForm(request.POST or None)
    note = "会籍从今天注销，档案和经过都留着。有家属慰问要办的，请另外办。"
    return _change(request, actor, pk, form, actions.record_death, "登记去世，注销会籍", "会籍已注销。", note)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.expel")
def expel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Begin an expulsion with what the union group discussed."""
    form = ExpelForm(request.POST or None)
    note = "除名只有一种理由：严重违法犯罪并受到刑事处罚。先由工会小组讨论，再由基层委员会决定，报上一级工会备案；备案以后会籍才结束。"
    done = "小组讨论已记下，下一步由委员会决定。"
    return _change(request, actor, pk, form, actions.open_expulsion, "办理除名", done, note)


@require_safe
@door("desk", "members.view")
def expulsion(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One expulsion with its decision and what is to be done next."""
    row = queries.get_expulsion(actor, pk)
    page = queries.get_expulsion_page(actor, row)
    verbs = ("decide", "file", "send_back", "drop")
    urls = {verb: reverse(f"members:expulsion_{verb}", args=[pk]) for verb in verbs}
    next_steps = next_lines(EXPULSION, page.next_steps, urls, CONFIRM)
    for line in next_steps:
        line["post"] = line["post"] and line["url"] != urls["decide"]
    context = {
        "row": row,
        "page": page,
        "may_read": actor.may("members.unmask", row.node.path),
        "steps": step_lines(actor, page.steps),
        "next_steps": next_steps,
        "due_text": "" if page.state.is_end else deadline_text(row.due_at, actor.at),
        "light": light(actor, row.due_at, row.submitted_at, is_over=page.state.is_end),
        "submitted_on": timezone.localdate(row.submitted_at),
    }
    return render(request, "members/expulsion.html", context)


def _act(request: HttpRequest, actor: Actor, pk: int, form: Any, verb: str, act: Callable[..., Any], done: str) -> Any:
    row, status = queries.get_expulsion(actor, pk), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(actor, pk, **form.given())
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, done)
                return redirect("members:expulsion", pk=pk)
    context = {
        "form": form,
        "label": EXPULSION.transition(verb).label,
        "title": queries.get_expulsion_page(actor, row).name,
        "back": reverse("members:expulsion", args=[pk]),
        "has_file": verb == "decide",
    }
    return render(request, "members/reason.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.expel")
def decide(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Note the committee's decision with its document."""
    form = DecisionForm(request.POST or None, request.FILES or None)
    done = "决定已记下，报上一级工会备案。"
    return _act(request, actor, pk, form, "decide", actions.decide_expulsion, done)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.file")
def send_back(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask the union to discuss it again."""
    form = ReasonForm(request.POST or None)
    return _act(request, actor, pk, form, "send_back", actions.send_back_expulsion, "已退回重议。")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.expel")
def drop(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    form = ReasonForm(request.POST or None)
    return _act(request, actor, pk, form, "drop", actions.drop_expulsion, "不再办除名，会籍不变。")


@require_POST
@door("desk", "members.file")
def file(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Have the decision on file: the membership ends."""
    actions.file_expulsion(actor, pk)
    messages.success(request, "已备案，会籍今天结束。")
    return redirect("members:expulsion", pk=pk)


@require_safe
@door("desk", "members.unmask")
def scan(request: HttpRequest, actor: Actor, pk: int, file_id: int) -> HttpResponse:
    """The scan of a decision."""
    return send_file(request, actions.read_scan(actor, pk, file_id))

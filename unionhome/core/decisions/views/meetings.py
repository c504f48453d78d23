"""The desk's pages of meetings: list, one meeting, its agenda, its outcomes in one table, and its confirmation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.decisions import actions, queries, screens
from unionhome.core.decisions.actions import Held, Result
from unionhome.core.decisions.forms import (
    AgendaForm,
    MeetingFilter,
    MeetingForm,
    MinutesForm,
    NotifyForm,
    OutcomeForm,
    ReasonForm,
)
from unionhome.core.decisions.models import Meeting
from unionhome.core.decisions.rules import Roll, split_names
from unionhome.core.decisions.views.items import uploads_of
from unionhome.core.decisions.workflow import CONFIRM, CONVENE, MEETING
from unionhome.core.files.queries import list_files
from unionhome.core.files.views import send
from unionhome.core.papers.queries import list_papers_about
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.queries import find_refusal, list_next_steps, list_steps
from unionhome.kit.forms import Form

PAGE_SIZE = 50


@require_GET
@door("desk", "decisions.view")
def meeting_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Meetings of the actor's branches: counts that are filters, a table."""
    form = MeetingFilter(request.GET)
    phase = form.cleaned_data["phase"] if form.is_valid() else ""
    page = Paginator(queries.list_meetings(actor, phase), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": screens.meeting_rows(page.object_list),
        "counts": screens.meeting_counts(queries.count_meetings(actor), phase),
        "may_call": actor.may(CONVENE),
    }
    return render(request, "decisions/meetings.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.convene")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set a meeting of the own union."""
    form = MeetingForm(request.POST or None)

    def act(clean: dict[str, Any]) -> Meeting:
        if actor.node_id is None:
            raise Refused("您的账号不属于哪个工会，不能排会议。", "no-union")
        node = get_any_node(actor.node_id)
        words = {name: clean[name] for name in ("body", "held_on", "submit_key")}
        return actions.call_meeting(actor, node, **words)

    return _asked(request, form, act, None, "排一次会议", "会议已排好，请排议题。")


@require_GET
@door("desk", "decisions.view")
def meeting_page(request: HttpRequest, actor: Actor, meeting_id: int) -> HttpResponse:
    """Facts left, the agenda with its outcomes in the middle, next steps at the right."""
    meeting = queries.get_meeting(actor, meeting_id)
    can_act = actor.may(CONVENE, meeting.node.path)
    lines = queries.list_lines(meeting)
    limits = queries.get_limits(meeting.node, meeting.held_on)
    steps = list_next_steps(actor, MEETING, meeting, queries.get_meeting_facts(meeting)) if can_act else []
    context = {
        "meeting": meeting,
        "state": MEETING.state(meeting.state),
        "fact_rows": screens.meeting_facts(meeting),
        "late_text": screens.late_text(meeting, limits),
        "rows": screens.line_rows(lines),
        "scans": screens.file_rows(list_files(meeting), "decisions:scan", meeting.pk),
        "papers": screens.paper_rows(list_papers_about(meeting)) if actor.may("papers.view", meeting.node.path) else [],
        "may_arrange": can_act and meeting.state == "planned",
        "may_print": meeting.state == "notified" and actor.may("papers.print", meeting.node.path),
        "may_minute": can_act and meeting.state == "held",
        "steps": screens.meeting_step_rows(meeting, steps),
        "lines": screens.step_lines(list_steps(meeting), actor.at),
    }
    return render(request, "decisions/meeting.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.convene")
def agenda(request: HttpRequest, actor: Actor, meeting_id: int) -> HttpResponse:
    """The items that wait for a meeting, each with its place on the agenda."""
    meeting = queries.get_handled_meeting(actor, meeting_id, CONVENE)
    lines = queries.list_lines(meeting)
    items = [line.item for line in lines] + (queries.list_ready(meeting) if meeting.state == "planned" else [])
    places = {line.item_id: line.place for line in lines}
    form = AgendaForm(request.POST or None, items=items, places=places)

    def act(clean: dict[str, Any]) -> Meeting:
        return actions.set_agenda(actor, meeting_id, form.get_ids(), submit_key=clean["submit_key"])

    return _asked(
        request, form, act, meeting, "排议题", "议程已排好，可以登记材料已发。", template="decisions/agenda.html"
    )


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.convene")
def outcomes(request: HttpRequest, actor: Actor, meeting_id: int) -> HttpResponse:
    """Who was there, and what came of every item, in one table."""
    meeting = queries.get_handled_meeting(actor, meeting_id, CONVENE)
    if request.method == "GET":
        _refuse_unfit(actor, meeting, "enter")
    lines = queries.list_lines(meeting)
    names = ("present", "absent", "attending")
    first = {name: "、".join(getattr(meeting, name)) for name in names} | {"held_on": meeting.held_on}
    form = OutcomeForm(request.POST or None, lines=lines, initial=first)

    def act(clean: dict[str, Any]) -> Meeting:
        held = Held(clean["held_on"], Roll(*(clean[name] for name in names)))
        results = {line.item_id: _result(form, line) for line in lines}
        return actions.enter_outcomes(actor, meeting_id, held, results, submit_key=clean["submit_key"])

    done = "研究结果已登记，请放纪要，由另一个人确认。"
    return _asked(request, form, act, meeting, "登记研究结果", done, template="decisions/outcomes.html")


def _result(form: OutcomeForm, line: Any) -> Result:
    return Result(
        outcome=form.get_cell(line, "outcome"),
        ceiling_fen=form.get_cell(line, "ceiling"),
        standard=form.get_cell(line, "standard"),
        recused=split_names(form.get_cell(line, "recused")),
        note=form.get_cell(line, "note"),
    )


Act = Callable[[Actor, int, dict[str, Any]], Meeting]


def _minutes(actor: Actor, meeting_id: int, clean: dict[str, Any]) -> Meeting:
    scans = uploads_of(clean["papers"])
    return actions.keep_minutes(actor, meeting_id, number=clean["number"], scans=scans, submit_key=clean["submit_key"])


def _with(act: Callable[..., Meeting], *names: str) -> Act:
    """An act whose words are fields of its form."""

    def take(actor: Actor, meeting_id: int, clean: dict[str, Any]) -> Meeting:
        return act(actor, meeting_id, **{name: clean[name] for name in names}, submit_key=clean["submit_key"])

    return take


STEPS: dict[str, tuple[Act, type[Form], str]] = {
    "notify": (_with(actions.notify_meeting, "notified_on"), NotifyForm, "已登记材料已发，议程不再改。"),
    "minutes": (_minutes, MinutesForm, "纪要已放好，请另一个人确认。"),
    "cancel": (_with(actions.cancel_meeting, "reason"), ReasonForm, "已写明没有开会，议题等下一次。"),
}
JUDGES: dict[str, tuple[Act, type[Form], str]] = {
    "confirm": (_with(actions.confirm_meeting), Form, "研究结果已确认，同意的议题可以执行。"),
    "send_back": (_with(actions.send_back_meeting, "reason"), ReasonForm, "已退回，请重新登记。"),
}


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.convene")
def take_step(request: HttpRequest, actor: Actor, meeting_id: int, act: str) -> HttpResponse:
    """One step of a meeting, after its words were written."""
    return _take(request, actor, queries.get_handled_meeting(actor, meeting_id, CONVENE), STEPS, act)


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.confirm")
def judge(request: HttpRequest, actor: Actor, meeting_id: int, act: str) -> HttpResponse:
    """Confirm what was entered, or send it back; with the second factor."""
    return _take(request, actor, queries.get_handled_meeting(actor, meeting_id, CONFIRM), JUDGES, act)


def _take(
    request: HttpRequest,
    actor: Actor,
    meeting: Meeting,
    steps: dict[str, tuple[Act, type[Form], str]],
    verb: str,
) -> HttpResponse:
    if verb not in steps:
        raise NotFound()
    if request.method == "GET":
        _refuse_unfit(actor, meeting, verb)
        if verb == "confirm":
            return redirect("decisions:meeting", meeting.pk)
    take, form_class, done = steps[verb]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    first = {"notified_on": timezone.localdate(actor.at), "number": meeting.minutes_number}
    form = form_class(*sent, initial=first)
    label = MEETING.notes.get(verb) or MEETING.transition(verb).label
    return _asked(request, form, lambda clean: take(actor, meeting.pk, clean), meeting, label, done)


def _refuse_unfit(actor: Actor, meeting: Meeting, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once."""
    if verb in MEETING.notes:
        if meeting.state != "held":
            raise Refused("登记了研究结果、还没有确认的时候，才放纪要。", "not-held")
        return
    refusal = find_refusal(actor, MEETING, meeting, verb, queries.get_meeting_facts(meeting))
    if refusal is not None:
        raise refusal


@require_POST
@door("desk", "decisions.convene")
def issue_agenda(request: HttpRequest, actor: Actor, meeting_id: int) -> HttpResponse:
    """Make the list of items, and go to it."""
    return redirect("papers:paper", actions.issue_agenda(actor, meeting_id).pk)


@require_GET
@door("desk", "decisions.view")
def scan(request: HttpRequest, actor: Actor, meeting_id: int, file_id: int) -> HttpResponse:
    """One page of the signed minutes."""
    return send(request, queries.get_scan(queries.get_meeting(actor, meeting_id), file_id))


def _asked(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Meeting],
    meeting: Meeting | None,
    label: str,
    done: str,
    *,
    template: str = "decisions/step.html",
) -> HttpResponse:
    """Show a form, or send it; a refusal stands at its field and nothing typed is lost."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("decisions:meeting", made.pk)
    elif request.method == "POST":
        status = 400
    back = reverse("decisions:meeting", args=[meeting.pk]) if meeting is not None else reverse("decisions:meetings")
    context = {"form": form, "meeting": meeting, "label": label, "back_url": back}
    return render(request, template, context, status=status)

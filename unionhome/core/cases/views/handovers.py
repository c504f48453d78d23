"""A matter put before somebody outside of the union, and what came back."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from unionhome.core.access.doors import door
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.actions import Letter, Upload
from unionhome.core.cases.forms import HandoverForm, HeardForm
from unionhome.core.cases.views.desk import worded
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound


@require_http_methods(["GET", "POST"])
@door("desk", "cases.refer")
def hand_over(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Write down what went to whom."""
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    if queries.get_kind(case.kind).step_url:
        raise NotFound()
    today = timezone.localdate(actor.at)
    days = get_value("cases.handover_days", today, case.node)
    initial = {"sent_on": today, "due_on": today + timedelta(days=days)}
    form = HandoverForm(request.POST or None, request.FILES or None, initial=initial)

    def send(clean: dict[str, Any]) -> None:
        names = ("authority", "text", "identity", "sent_on", "due_on", "paper_number")
        uploads = tuple(Upload(photo.name, photo.read()) for photo in clean["photos"])
        letter = Letter(**{name: clean[name] for name in names}, uploads=uploads)
        actions.hand_over_case(actor, case_id, letter, submit_key=clean["submit_key"])

    return worded(request, case, form, "移交外单位", "已记下，职工的手机页已经更新。有了回音请记下来。", send)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.refer")
def hear(request: HttpRequest, actor: Actor, case_id: int, handover_id: int) -> HttpResponse:
    """Write down what the authority said."""
    case = queries.get_handled_case(actor, case_id, "cases.refer")
    handover = queries.get_handover(case, handover_id)
    form = HeardForm(request.POST or None, answers=screens.heard_choices(handover))

    def send(clean: dict[str, Any]) -> None:
        facts = {name: clean[name] for name in ("answer", "text", "due_on", "submit_key")}
        actions.hear_back(actor, case_id, handover_id, **facts)

    return worded(request, case, form, "记下回音", "已记下，职工的手机页已经更新。", send)

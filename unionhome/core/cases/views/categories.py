"""Putting right what a matter is about, and how difficult it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from unionhome.core.access.doors import door
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.forms import CategoryForm, DifficultyForm
from unionhome.core.cases.views.desk import refuse_unfit, worded
from unionhome.core.registry import Actor, NotFound


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def reroute(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Choose the right category: where each one leads stands beside it, and one click sends it there."""
    case = queries.get_handled_case(actor, case_id)
    if not queries.get_kind(case.kind).reroute:
        raise NotFound()
    refuse_unfit(request, actor, case, "reroute")
    choices = screens.reroute_choices(case)
    form = CategoryForm(request.POST or None, choices=choices.options)
    moves = request.POST.get("category", "") in choices.moving

    def send(clean: dict[str, Any]) -> None:
        actions.correct_category(actor, case_id, category=clean["category"], submit_key=clean["submit_key"])

    done = "已改类别，转到该办的工会了。" if moves else "已改类别，职工的手机页已经更新。"
    return worded(request, case, form, "改类别", done, send, back="cases:list" if moves else "cases:case")


@require_http_methods(["GET", "POST"])
@door("desk", "cases.difficulty")
def grade(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Say how difficult it is, which gives it another limit."""
    case = queries.get_handled_case(actor, case_id, "cases.difficulty")
    if "solve" not in queries.get_kind(case.kind).terms:
        raise NotFound()
    form = DifficultyForm(request.POST or None, initial={"difficulty": case.difficulty})

    def send(clean: dict[str, Any]) -> None:
        facts = {name: clean[name] for name in ("difficulty", "reason", "submit_key")}
        actions.set_difficulty(actor, case_id, **facts)

    return worded(request, case, form, "定难度", "已改，办结时限跟着变，职工的手机页已经更新。", send)

"""Pages of a dissolution: proposed, its members placed, approved, reported."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.forms import CancelForm, EndForm, PlaceForm, ProposeForm, take_refusal
from unionhome.core.organizations.models import Dissolution
from unionhome.core.organizations.workflow import DISSOLUTION
from unionhome.core.registry import Actor, Refused
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit import forms
from unionhome.kit.dates import moment_text

URLS = {
    "place": "organizations:place_members",
    "dissolve": "organizations:approve_dissolution",
    "file": "organizations:file_dissolution",
    "cancel": "organizations:cancel_dissolution",
}


@door("desk", "organizations.manage")
def dissolve(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Propose that a union be dissolved."""
    here = queries.get_organization(actor, node_id)
    reach = queries.get_reach(actor, here.node.path)
    if not reach.is_own:
        reach.check()
    rules.check_obstacle(here.node.name, queries.find_obstacle(here.node))
    form = ProposeForm(request.POST or None)

    def act() -> Dissolution:
        key = form.cleaned_data["submit_key"]
        return actions.propose_dissolution(actor, node_id, form.proposal(), submit_key=key)

    words = {
        "title": "撤销",
        "button": "提出撤销",
        "said": "已提出撤销，由上一级工会办理",
        "note": "提出以后工会照常办事，等会员都安置好、上一级工会批准了才撤销。",
        "belongings": queries.list_belongings(here.node),
    }
    back = reverse("organizations:organization", args=[node_id])
    return _change(request, form, act, {"organization": here, "back": back, **words})


@require_safe
@door("desk", "organizations.view")
def dissolution(request: HttpRequest, actor: Actor, dissolution_id: int) -> HttpResponse:
    """How far the dissolution of a union is, and what comes next."""
    row = queries.get_dissolution(actor, dissolution_id)
    organization = queries.get_organization(actor, row.node_id)
    next_steps, steps = queries.list_ending_steps(actor, row)
    context = {
        "row": row,
        "organization": organization,
        "back": reverse("organizations:organization", args=[row.node_id]),
        "state": DISSOLUTION.state(row.state),
        "belongings": queries.list_belongings(row.node),
        "next_steps": _next_lines(row, next_steps),
        "steps": _step_lines(actor, steps),
    }
    return render(request, "organizations/dissolution.html", context)


def _next_lines(row: Dissolution, steps: Iterable[NextStep]) -> list[dict[str, Any]]:
    return [
        {
            "label": step.label,
            "url": reverse(URLS[step.verb], args=[row.pk]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb == "file",
            "confirm": "确认收到这份撤销报告，登记备案？" if step.verb == "file" else "",
        }
        for step in steps
    ]


def _step_lines(actor: Actor, steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "title": step.label,
            "text": "：".join(
                filter(None, ("，".join(filter(None, (step.actor_union, step.actor_post))), step.reason))
            ),
            "time_text": moment_text(step.at, actor.at),
            "tone": "done" if step.to_state in ("dissolved", "filed") else "plain",
        }
        for step in reversed(list(steps))
    ]


@door("desk", "organizations.manage")
def place_members(request: HttpRequest, actor: Actor, dissolution_id: int) -> HttpResponse:
    """Give the members of a union on its way out to another."""
    row = queries.get_dissolution(actor, dissolution_id)
    form = PlaceForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> Dissolution:
        keeper = queries.get_named(actor, form.cleaned_data["keeper"], "keeper")
        return actions.place_members(
            actor, row.pk, form.placing(keeper.code), submit_key=form.cleaned_data["submit_key"]
        )

    words = {
        "title": "安置会员",
        "button": "安置会员",
        "said": "会员已安置",
        "belongings": queries.list_belongings(row.node),
    }
    return _change(request, form, act, _words(actor, row, words))


@door("desk", "organizations.manage")
def approve_dissolution(request: HttpRequest, actor: Actor, dissolution_id: int) -> HttpResponse:
    """Dissolve the union from a day on."""
    row = queries.get_dissolution(actor, dissolution_id)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> Dissolution:
        values = form.cleaned_data
        return actions.approve_dissolution(actor, row.pk, on=values["on"], submit_key=values["submit_key"])

    note = "从这一天起工会不再计数，任职和覆盖单位到这一天为止，再报上级备案；以前的数字不变。"
    words = {"title": "批准撤销", "button": "批准撤销", "said": "工会已撤销，已报上级备案", "note": note}
    words["belongings"] = queries.list_belongings(row.node)  # type: ignore[assignment]
    return _change(request, form, act, _words(actor, row, words))


@door("desk", "organizations.manage")
def cancel_dissolution(request: HttpRequest, actor: Actor, dissolution_id: int) -> HttpResponse:
    """Let the union stand after all."""
    row = queries.get_dissolution(actor, dissolution_id)
    form = CancelForm(request.POST or None)

    def act() -> Dissolution:
        values = form.cleaned_data
        return actions.cancel_dissolution(actor, row.pk, reason=values["reason"], submit_key=values["submit_key"])

    note = "工会继续办事。已经转走的会员不会自动转回来。"
    words = {"title": "不撤销了", "button": "不撤销了", "said": "工会不撤销了", "note": note}
    return _change(request, form, act, _words(actor, row, words))


@require_POST
@door("desk", "organizations.manage")
def file_dissolution(request: HttpRequest, actor: Actor, dissolution_id: int) -> HttpResponse:
    """Take note of the report."""
    row = actions.file_dissolution(actor, dissolution_id)
    messages.success(request, f"{row.node.name}的撤销已备案。")
    return redirect("organizations:dissolution", row.pk)


def _words(actor: Actor, row: Dissolution, words: dict[str, Any]) -> dict[str, Any]:
    organization = queries.get_organization(actor, row.node_id)
    return {"organization": organization, "back": reverse("organizations:dissolution", args=[row.pk]), **words}


def _change(
    request: HttpRequest, form: forms.Form, act: Callable[[], Dissolution], context: dict[str, Any]
) -> HttpResponse:
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            done = act()
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            take_refusal(form, refusal.fields, refusal.sentence, {})
            status = refusal.status
        else:
            messages.success(request, f"{done.node.name}：{context['said']}。")
            return redirect("organizations:dissolution", done.pk)
    return render(request, "organizations/change.html", context | {"form": form}, status=status)

"""Pages by which unions are merged and divided: what will happen is shown first, then confirmed."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.forms import MergeForm, SplitForm, take_refusal
from unionhome.core.organizations.models import Organization
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.kit import forms

MOST_UNITS = 500


@door("desk", "organizations.manage")
def merge(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Let this union become part of another, or others part of it, from a day on."""
    here = queries.get_organization(actor, node_id)
    queries.get_reach(actor, here.node.path).check()
    obstacle = queries.find_obstacle(here.node)
    if here.node.level not in rules.HOLDERS:
        rules.check_obstacle(here.node.name, obstacle)
    form = MergeForm(request.POST or None, initial={"on": timezone.localdate(actor.at)}, is_fixed=bool(obstacle))

    def plan() -> actions.Plan:
        return actions.plan_merger(actor, _merger(actor, form, node_id))

    def act() -> Organization:
        return actions.merge_unions(actor, _merger(actor, form, node_id))

    words = {
        "title": "合并",
        "button": "确认合并",
        "ask": "合并以后被并的工会不再办事，它的经过都留着。确定合并吗？",
        "said": "合并办好了，会员和没办完的事都转过来了",
        "note": "会员、覆盖单位、下级组织和没有办完的事从这一天起归合并后的工会；这一天以前的数字不变。",
        "goes": "并入",
        "obstacle": obstacle,
    }
    return _in_two_steps(request, here, form, plan, act, words)


def _merger(actor: Actor, form: MergeForm, here: int) -> actions.Merger:
    names = form.cleaned_data["codes"]
    if form.goes and len(names) != 1:
        sentence = "只能并到一个工会，请只写一个。"
        raise BadInput(sentence, "one-target", fields={"codes": sentence})
    return form.merger(here, [queries.get_named(actor, name, "codes").pk for name in names])


@door("desk", "organizations.manage")
def split(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Let some employers of this union have one of their own, from a day on."""
    here = queries.get_organization(actor, node_id)
    queries.get_reach(actor, here.node.path).check()
    rules.check_obstacle(here.node.name, queries.find_obstacle(here.node))
    today = timezone.localdate(actor.at)
    covered = list(queries.list_covered(here, today)[:MOST_UNITS])
    units = [(str(cover.employer_id), cover.employer.name) for cover in covered]
    form = SplitForm(request.POST or None, initial={"on": today, "form": "joint"}, units=units)

    def plan() -> actions.Plan:
        return actions.plan_split(actor, form.split(node_id))

    def act() -> Organization:
        return actions.split_union(actor, form.split(node_id), submit_key=form.cleaned_data["submit_key"])

    words = {
        "title": "分立",
        "button": "确认分立",
        "ask": "从这一天起建一个新工会，选中的单位和它们的会员归新工会。确定分立吗？",
        "said": "分立办好了",
        "note": "新工会建在同一个上级下面；选中的单位和登记在这些单位的会员从这一天起归新工会，其余的不动。",
        "goes": "分到新工会",
        "nothing": "" if len(units) > 1 else "这个工会没有两家以上的覆盖单位，不能分立。",
    }
    return _in_two_steps(request, here, form, plan, act, words)


def _in_two_steps(
    request: HttpRequest,
    here: Organization,
    form: forms.Form,
    plan: Callable[[], actions.Plan],
    act: Callable[[], Organization],
    words: dict[str, Any],
) -> HttpResponse:
    """First what will happen; the act only when exactly that was confirmed."""
    context = {"form": form, "organization": here, "back": reverse("organizations:organization", args=[here.pk])}
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        seen = _digest(form)
        try:
            if request.POST.get("seen") == seen:
                done = act()
                messages.success(request, f"{done.node.name}：{words['said']}。", extra_tags=f"draft:union-{here.pk}")
                return redirect("organizations:organization", done.pk)
            context |= {"plan": plan(), "seen": seen}
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            take_refusal(form, refusal.fields, refusal.sentence, {})
            status = refusal.status
    return render(request, "organizations/merge.html", context | words, status=status)


def _digest(form: forms.Form) -> str:
    """What was asked for, in short: the confirmation counts for exactly this."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "submit_key"}
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:32]

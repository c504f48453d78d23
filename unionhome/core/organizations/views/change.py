"""Forms that found and change unions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.forms import FactsForm, FoundForm, MoveForm, RelocateForm, RenameForm, take_refusal
from unionhome.core.organizations.models import Organization
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.kit import forms

NAMES = {"division_code": "place"}


@door("desk", "organizations.manage")
def found(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Found a union under the parent named in the address."""
    text = request.GET.get("parent", "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise NotFound()
    parent = queries.get_organization(actor, int(text))
    queries.get_reach_below(actor, parent.node.path).check()
    allowed = rules.forms_below(parent.node.level)
    initial = {"place": parent.division_id, "form": next(iter(allowed), "")}
    form = FoundForm(request.POST or None, initial=initial, forms_allowed=allowed)

    def act() -> Organization:
        return actions.found_union(
            actor,
            parent_code=parent.node.code,
            facts=form.union_facts(),
            employer=form.employer_facts(),
            chair_name=form.cleaned_data["chair_name"],
            submit_key=form.cleaned_data["submit_key"],
        )

    done = _take(request, form, act)
    if isinstance(done, Organization):
        messages.success(request, f"已建立{done.node.name}，编码 {done.node.code}。", extra_tags="draft:found-union")
        return redirect("organizations:organization", done.pk)
    return render(request, "organizations/found.html", {"form": form, "parent": parent}, status=done)


def _take(request: HttpRequest, form: forms.Form, act: Callable[[], Organization]) -> Organization | int:
    """What the action made, or the status with which the form comes back."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 400
    try:
        return act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        take_refusal(form, refusal.fields, refusal.sentence, NAMES)
        return refusal.status


@door("desk", "organizations.manage")
def facts(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Change facts of a union: all of them for the unions above, contact and numbers for itself."""
    here, reach = _here(actor, node_id)
    if not reach.is_own:
        reach.check()
    initial = FactsForm.initial_of(here) | {
        "on": timezone.localdate(actor.at),
        "source": "" if reach.manages else "本级上报",
    }
    form = FactsForm(request.POST or None, initial=initial, own=not reach.manages)

    def act() -> Organization:
        values = form.cleaned_data
        return actions.change_facts(
            actor, node_id, facts=form.facts(), source=values["source"], on=values["on"], reason=values["reason"]
        )

    note = "" if reach.manages else "名称、届次、批复和上级由上一级工会办理，这里只改本级的地址、电话和上报人数。"
    return _change(request, here, form, act, title="改资料", button="保存资料", said="资料已更新", note=note)


@door("desk", "organizations.manage")
def rename(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Another name from a day on."""
    here, reach = _here(actor, node_id)
    reach.check()
    form = RenameForm(request.POST or None, initial={"name": here.node.name, "on": timezone.localdate(actor.at)})

    def act() -> Organization:
        values = form.cleaned_data
        return actions.rename_union(actor, node_id, name=values["name"], on=values["on"], reason=values["reason"])

    note = "以前的名称留在“变更经过”里，以前的报表仍用当时的名称。"
    return _change(request, here, form, act, title="更名", button="更名", said="已更名", note=note)


@door("desk", "organizations.manage")
def move(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Another parent from a day on."""
    here, reach = _here(actor, node_id)
    reach.check()
    form = MoveForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> Organization:
        values = form.cleaned_data
        parent = queries.get_named(actor, values["parent"], "parent")
        return actions.move_union(actor, node_id, parent_code=parent.code, on=values["on"], reason=values["reason"])

    note = "下级工会一起移过去；这一天以前的数字仍算在原来的上级。"
    return _change(request, here, form, act, title="变更上级", button="变更上级", said="已变更上级", note=note)


@door("desk", "organizations.manage")
def relocate(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Another place from a day on."""
    here, reach = _here(actor, node_id)
    reach.check()
    initial = {"place": here.division_id, "address": here.address, "on": timezone.localdate(actor.at)}
    form = RelocateForm(request.POST or None, initial=initial)

    def act() -> Organization:
        values = {name: form.cleaned_data[name] for name in ("address", "source", "on", "reason")}
        return actions.relocate_union(actor, node_id, division_code=form.cleaned_data["place"], **values)

    note = "上级工会不变；项目在外地的工会，所在地可以在上级的地区以外。"
    return _change(request, here, form, act, title="变更所在地", button="变更所在地", said="所在地已变更", note=note)


def _here(actor: Actor, node_id: int) -> tuple[Organization, rules.Reach]:
    here = queries.get_organization(actor, node_id)
    return here, queries.get_reach(actor, here.node.path)


def _change(
    request: HttpRequest, here: Organization, form: forms.Form, act: Callable[[], Organization], **words: Any
) -> HttpResponse:
    done = _take(request, form, act)
    if isinstance(done, Organization):
        messages.success(request, f"{done.node.name}：{words['said']}。")
        return redirect("organizations:organization", here.pk)
    back = reverse("organizations:organization", args=[here.pk])
    context = {"form": form, "organization": here, "back": back, **words}
    return render(request, "organizations/change.html", context, status=done)

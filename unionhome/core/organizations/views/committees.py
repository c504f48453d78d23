"""The committees of a union: seats, who sits there, who sat there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.forms import EndForm, OfficerForm, SeatsForm, take_refusal
from unionhome.core.organizations.models import Organization
from unionhome.core.registry import Actor, Refused
from unionhome.kit import forms

PAGE = 20


@require_safe
@door("desk", "organizations.view")
def committees(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """The three committees as they stand, and the former officers."""
    here = queries.get_organization(actor, node_id)
    today = timezone.localdate(actor.at)
    former = Paginator(queries.list_former_officers(here, today), PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": here,
        "back": reverse("organizations:organization", args=[here.pk]),
        "boards": queries.get_boards(here, today),
        "former": former,
        "manages": here.status == "active" and queries.get_reach(actor, here.node.path).manages,
    }
    return render(request, "organizations/committees.html", context)


@door("desk", "organizations.manage")
def seats(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """The seats of a committee from a day on."""
    here = _here(actor, node_id)
    kind = _kind(request)
    boards = queries.get_boards(here, timezone.localdate(actor.at))
    form = SeatsForm(request.POST or None, initial={"kind": kind})

    def act() -> Any:
        values = form.cleaned_data
        names = ("kind", "seats_count", "starts_on", "source")
        return actions.set_committee(actor, node_id, **{name: values[name] for name in names})

    note = "；".join(board.advice.reason for board in boards.boards) + "。"
    return _change(request, here, form, act, title="委员会名额", button="保存名额", said="名额已登记", note=note)


@door("desk", "organizations.manage")
def appoint(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Who holds a post from a day on."""
    here = _here(actor, node_id)
    form = OfficerForm(request.POST or None, initial={"committee": _kind(request)})

    def act() -> Any:
        return actions.appoint_officer(actor, here, **form.values())

    note = (
        "主席、分管财务的副主席和财务人员不能进经费审查委员会；单位负责人的近亲属不能当委员（工会法第十条）。"
        "新主席任职，原主席同一天卸任。"
    )
    return _change(request, here, form, act, title="登记任职", button="登记任职", said="任职已登记", note=note)


@door("desk", "organizations.manage")
def end_officer(request: HttpRequest, actor: Actor, officer_id: int) -> HttpResponse:
    """End a post."""
    officer = queries.get_officer(actor, officer_id)
    here = _here(actor, officer.organization_id)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})

    def act() -> Any:
        return actions.end_officer(actor, officer_id, on=form.cleaned_data["on"])

    title = f"{officer.name}卸任"
    note = (
        f"{officer.get_committee_display()}{officer.post}，{officer.starts_on:%Y-%m-%d} 起任职。卸任以后留在“曾任”里。"
    )
    return _change(request, here, form, act, title=title, button="登记卸任", said="卸任已登记", note=note)


def _here(actor: Actor, node_id: int) -> Organization:
    here = queries.get_organization(actor, node_id)
    queries.get_reach(actor, here.node.path).check()
    return here


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("committee", "")
    return asked if asked in dict(rules.COMMITTEES) else "union"


def _change(
    request: HttpRequest, here: Organization, form: forms.Form, act: Callable[[], Any], **words: Any
) -> HttpResponse:
    back, status = reverse("organizations:committees", args=[here.pk]), 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            act()
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            take_refusal(form, refusal.fields, refusal.sentence, {})
            status = refusal.status
        else:
            messages.success(request, f"{here.node.name}：{words['said']}。")
            return redirect(back)
    context = {"form": form, "organization": here, "back": back, **words}
    return render(request, "organizations/change.html", context, status=status)

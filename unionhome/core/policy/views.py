"""Policies with their history, and the working calendar year by year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from unionhome.core.access.doors import door
from unionhome.core.policy import actions, queries
from unionhome.core.policy.forms import NoticeForm, ValueForm, first_text
from unionhome.core.registry import Actor, Forbidden, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import day_text


def _region(actor: Actor, text: str) -> Node | None:
    return queries.get_region(actor, int(text)) if text.isdigit() else None


def _choices(actor: Actor) -> list[tuple[str, str]]:
    return [(str(node.pk), node.name) for node in queries.list_regions(actor)]


@require_GET
@door("desk", "policy.view")
def policy_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What holds today, everywhere or in one region."""
    node = _region(actor, request.GET.get("union", ""))
    today = timezone.localdate(actor.at)
    context = {
        "rooms": queries.list_lines(actor, today, node),
        "regions": _choices(actor),
        "node": node,
        "node_key": str(node.pk) if node else "",
        "today": today,
    }
    return render(request, "policy/list.html", context)


@require_GET
@door("desk", "policy.view")
def policy_page(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """One policy: what holds, its history, and the form where the actor may change it."""
    policy = queries.get_declared(key)
    today = timezone.localdate(actor.at)
    first = {"value": first_text(policy, queries.get_value(key, today)), "starts_on": today}
    form = ValueForm(policy=policy, regions=_choices(actor), initial=first)
    return _policy_page(request, actor, key, form)


def _policy_page(request: HttpRequest, actor: Actor, key: str, form: ValueForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate(actor.at)
    context = {
        "policy": queries.get_declared(key),
        "room": queries.get_room_title(key),
        "list_url": reverse("policy:list"),
        "history": queries.list_history(actor, key, today),
        "form": form,
        "may_manage": queries.may_manage(actor),
    }
    return render(request, "policy/policy.html", context, status=status)


@require_POST
@door("desk", "policy.manage")
def value_set(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """Let a new value hold from a day on."""
    policy = queries.get_declared(key)
    form = ValueForm(request.POST, policy=policy, regions=_choices(actor))
    if not form.is_valid():
        return _policy_page(request, actor, key, form, 400)
    clean = form.cleaned_data
    try:
        row = actions.set_value(
            actor,
            key,
            clean["value"],
            clean["starts_on"],
            clean["source"],
            _region(actor, clean["node"]),
            approved_by=clean["approved_by"],
            note=clean["note"],
        )
    except Forbidden:
        raise
    except Refused as refused:
        _add_errors(form, refused)
        return _policy_page(request, actor, key, form, refused.status)
    messages.success(request, f"{policy.label}：{day_text(row.starts_on)}起按新的值执行，已经办着的事项不变。")
    return redirect("policy:policy", key)


def _add_errors(form: ValueForm | NoticeForm, refused: Refused) -> None:
    for name, sentence in (refused.fields or {"__all__": refused.sentence}).items():
        form.add_error(name if name in form.fields else None, sentence)


@require_GET
@door("desk", "policy.view")
def calendar_now(request: HttpRequest, actor: Actor) -> HttpResponse:
    """This year's calendar."""
    return redirect("policy:year", timezone.localdate(actor.at).year)


@require_GET
@door("desk", "policy.view")
def calendar_year(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    """One year with its holidays, make-up days and, where it is not announced, the word 暂定."""
    return _calendar_page(request, actor, year, NoticeForm(year=year, initial=queries.get_notice(actor, year)))


def _calendar_page(request: HttpRequest, actor: Actor, year: int, form: NoticeForm, status: int = 200) -> HttpResponse:
    context = {
        "view": queries.get_year(actor, year, timezone.localdate(actor.at)),
        "form": form,
        "may_manage": queries.may_manage(actor),
    }
    return render(request, "policy/year.html", context, status=status)


@require_POST
@door("desk", "policy.manage")
def calendar_set(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    """Enter a year as the State Council announced it."""
    form = NoticeForm(request.POST, year=year)
    if not form.is_valid():
        return _calendar_page(request, actor, year, form, 400)
    try:
        actions.set_days(actor, form.cleaned_data["days"], form.cleaned_data["source"])
    except Forbidden:
        raise
    except Refused as refused:
        _add_errors(form, refused)
        return _calendar_page(request, actor, year, form, refused.status)
    messages.success(request, f"{year}年的工作日历已公布，时限按新的日历计算。")
    return redirect("policy:year", year)

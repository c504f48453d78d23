"""The rule by which cases go up when a clock runs out: written down, tried on last month, switched on and off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.forms import EndRuleForm, RuleForm
from unionhome.core.cases.models import EscalationRule
from unionhome.core.registry import Actor, Refused
from unionhome.kit.forms import Form


@require_http_methods(["GET", "POST"])
@door("desk", "cases.view")
def rule_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Rules of the branch, and the form of a new one for the own union."""
    union = queries.find_own_union(actor)
    may_write = union is not None and actor.may("cases.escalate", union.path)
    form, status = RuleForm(request.POST or None), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                rule = actions.draft_rule(actor, step_minutes=form.cleaned_data["step_minutes"])
                messages.success(request, "已写好，还没有启用。先用上个月的诉求试算。")
                return redirect("cases:rule", rule.pk)
            status = 400
        except Refused as refusal:
            status = put_refusal(form, refusal)
    rows = list(queries.list_rules(actor)[:100])
    context = {"rows": screens.rule_rows(rows), "form": form, "union": union, "may_write": may_write}
    return render(request, "cases/rules.html", context, status=status)


@require_GET
@door("desk", "cases.view")
def rule_page(request: HttpRequest, actor: Actor, rule_id: int) -> HttpResponse:
    """One rule, what it would have done last month, and what comes next."""
    return _page(request, actor, queries.get_rule(actor, rule_id))


def _page(
    request: HttpRequest, actor: Actor, rule: EscalationRule, *, end: Form | None = None, status: int = 200
) -> HttpResponse:
    context = screens.rule_context(rule, actor.at) | {
        "rule": rule,
        "may_write": actor.may("cases.escalate", rule.node.path),
        "form": Form(),
        "end": end or EndRuleForm(),
    }
    return render(request, "cases/rule.html", context, status=status)


def _acted(request: HttpRequest, rule_id: int, act: Callable[[dict[str, Any]], object], done: str) -> HttpResponse:
    form = Form(request.POST)
    form.is_valid()
    act(form.cleaned_data)
    messages.success(request, done)
    return redirect("cases:rule", rule_id)


@require_POST
@door("desk", "cases.escalate")
def simulate(request: HttpRequest, actor: Actor, rule_id: int) -> HttpResponse:
    """Try the rule on last month."""
    return _acted(request, rule_id, lambda clean: actions.simulate_rule(actor, rule_id), "试算好了，还没有启用。")


@require_POST
@door("desk", "cases.escalate")
def switch_on(request: HttpRequest, actor: Actor, rule_id: int) -> HttpResponse:
    """Put the rule into force."""

    def act(clean: dict[str, Any]) -> None:
        actions.switch_rule_on(actor, rule_id, submit_key=clean.get("submit_key", ""))

    return _acted(request, rule_id, act, "已启用。超时没人办的诉求会自动升级。")


@require_POST
@door("desk", "cases.escalate")
def end(request: HttpRequest, actor: Actor, rule_id: int) -> HttpResponse:
    """End the rule, with the reason."""
    rule, form = queries.get_rule(actor, rule_id), EndRuleForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, rule, end=form, status=400)
    clean = form.cleaned_data
    try:
        actions.end_rule(actor, rule_id, reason=clean["reason"], submit_key=clean["submit_key"])
    except Refused as refusal:
        return _page(request, actor, rule, end=form, status=put_refusal(form, refusal))
    messages.success(request, "已停用。已经升级的诉求不变，以后不再自动升级。")
    return redirect("cases:rule", rule_id)

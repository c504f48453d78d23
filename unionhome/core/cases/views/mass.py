"""Mass matters at the desk: the list, one of them with its steps and who was named, and reporting one from a case."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.forms import MassForm, NameForm, ReasonForm
from unionhome.core.cases.models import Case, MassMatter
from unionhome.core.cases.views.desk import worded
from unionhome.core.cases.workflow import MASS, MASS_HANDLE
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.workflow.queries import list_next_steps
from unionhome.kit.forms import Form

PAGE_SIZE = 50
DONE = {
    "take": "您接手了，不再叫别人。",
    "reach": "已记下到了现场。",
    "end": "已记下平息。诉求各办各的，办完照样请职工评价。",
    "drop": "已记下不是群体性。诉求可以再转给别的工会。",
}


@require_GET
@door("desk", "cases.view")
def mass_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mass matters that the actor may see."""
    page = Paginator(queries.list_mass(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cases/mass_list.html", {"page": page, "rows": screens.mass_rows(page, actor.at)})


@require_GET
@door("desk", "cases.view")
def mass_page(request: HttpRequest, actor: Actor, matter_id: int) -> HttpResponse:
    """One mass matter: facts and clock, its cases, who was named, what comes next."""
    return _page(request, actor, queries.get_mass(actor, matter_id))


def _page(
    request: HttpRequest,
    actor: Actor,
    matter: MassMatter,
    *,
    name_form: Form | None = None,
    reason_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    may_act, state = actor.may(MASS_HANDLE, matter.node.path), MASS.state(matter.state)
    steps = list_next_steps(actor, MASS, matter, {}) if may_act else []
    context = {
        "matter": matter,
        "title": str(matter) or "群体性事项",
        "state": state,
        "facts": screens.mass_facts(matter, actor.at),
        "cases": screens.mass_case_rows(queries.list_mass_cases(actor, matter), actor.at),
        "named": queries.list_named(matter, actor.at),
        "may_name": may_act and not state.is_end,
        "plain": [each for each in steps if not each.transition.needs_reason],
        "worded": [each for each in steps if each.transition.needs_reason],
        "form": Form(),
        "name_form": name_form or NameForm(),
        "reason_form": reason_form or ReasonForm(),
    }
    return render(request, "cases/mass.html", context, status=status)


@require_POST
@door("desk", "cases.mass")
def step(request: HttpRequest, actor: Actor, matter_id: int, verb: str) -> HttpResponse:
    """One transition, with its reason where it needs one."""
    matter = queries.get_mass(actor, matter_id)
    if verb not in DONE:
        raise NotFound()
    needs_reason = MASS.transition(verb).needs_reason
    form = ReasonForm(request.POST) if needs_reason else Form(request.POST)
    if not form.is_valid():
        return _page(request, actor, matter, reason_form=form if needs_reason else None, status=400)
    clean = form.cleaned_data
    actions.move_mass(actor, matter_id, verb, reason=clean.get("reason", ""), submit_key=clean.get("submit_key", ""))
    messages.success(request, DONE[verb])
    return redirect("cases:mass", matter_id)


@require_POST
@door("desk", "cases.mass")
def name(request: HttpRequest, actor: Actor, matter_id: int) -> HttpResponse:
    """Name somebody who sees it and works on it."""
    matter, form = queries.get_mass(actor, matter_id), NameForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, matter, name_form=form, status=400)
    try:
        actions.name_for_mass(actor, matter_id, username=form.cleaned_data["username"])
    except Refused as refusal:
        return _page(request, actor, matter, name_form=form, status=put_refusal(form, refusal))
    messages.success(request, "已点名，也发了消息。")
    return redirect("cases:mass", matter_id)


@require_POST
@door("desk", "cases.mass")
def unname(request: HttpRequest, actor: Actor, matter_id: int, user_id: int) -> HttpResponse:
    """Take the view away again."""
    actions.unname_for_mass(actor, matter_id, user_id)
    messages.success(request, "已经不让这个人看了。")
    return redirect("cases:mass", matter_id)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def report(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Report that a case concerns many people."""
    case = queries.get_handled_case(actor, case_id)
    if not queries.may_report(case):
        raise Refused("这件已经在群体性事项里，或者已经办完，不用再报。", "not-reportable")

    def send(clean: dict[str, Any]) -> None:
        actions.report_mass(
            actor, case_id, people_count=clean["people_count"], text=clean["text"], submit_key=clean["submit_key"]
        )

    done = "已报告，正在叫值班的人，上级也知道了。"
    return worded(request, case, MassForm(request.POST or None), "报告群体性", done, send, back="cases:list")


def mass_panel(actor: Actor, case: Case) -> tuple[str, dict[str, Any]]:
    """On a case's page: the mass matter it is in, or the way to report one."""
    matter = queries.find_mass(actor, case)
    may_report = matter is None and queries.may_report(case) and queries.is_handled(actor, case)
    return "cases/mass_panel.html", {
        "matter": matter,
        "state": MASS.state(matter.state) if matter else None,
        "report_url": reverse("cases:report_mass", args=[case.pk]) if may_report else "",
    }

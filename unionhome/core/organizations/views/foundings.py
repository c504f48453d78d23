"""Foundings on the desk: the list, the start, one founding and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, rules, screens
from unionhome.core.organizations.forms import (
    CompleteForm,
    DraftForm,
    ElectionForm,
    EmployerSearch,
    ReasonForm,
    StartForm,
    take_refusal,
)
from unionhome.core.organizations.models import Employer, Founding, Organization
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.kit import forms

PAGE_ROWS = 50
NAMES = {"division_code": "place"}
ASKS = ("return_application", "return_election", "cancel", "complete")
DRAFT = ("name", "workers_count", "women_count", "members_count", "leader_name", "party_opinion")


@require_safe
@door("desk", "organizations.view")
def foundings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Foundings of the actor's branches; the counts are filters."""
    state = request.GET.get("state", "open")
    page = Paginator(queries.list_foundings(actor, state), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": screens.founding_lines(page.object_list),
        "counts": screens.founding_counts(queries.count_foundings(actor), state),
        "is_filtered": state != "open",
        "new_url": reverse("organizations:new_founding") if actor.may("organizations.found") else "",
    }
    return render(request, "organizations/foundings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.found")
def new_founding(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin: the employer from the register or a new one, and what the union will be called."""
    employer = _employer(request)
    parent = _parent(request, actor, employer)
    allowed = tuple(form for form in rules.forms_below(parent.node.level) if form not in ("branch", "group"))
    search = EmployerSearch(request.GET)
    search.is_valid()
    text = search.cleaned_data.get("q", "")
    initial = {"employer_name": text} | _initial(parent, employer, allowed)
    form = StartForm(request.POST or None, forms_allowed=allowed, employer=employer, initial=initial)

    def act() -> Founding:
        values = form.cleaned_data
        return actions.start_founding(
            actor,
            parent_code=parent.node.code,
            employer=employer or form.employer_facts(),
            form=values["form"],
            name=values["name"],
            division_code=values["place"],
            members_count=values["members_count"],
            submit_key=values["submit_key"],
        )

    done = take(request, form, act)
    if isinstance(done, Founding):
        messages.success(request, "已开始办理建会。先核对资料，再打印筹建请示。", extra_tags="draft:new-founding")
        return redirect("organizations:founding", done.pk)
    context = {
        "form": form,
        "parent": parent,
        "employer": employer,
        "text": text,
        "found": [] if employer else queries.list_employers(text, limit=10),
        "pick_url": f"{reverse('organizations:new_founding')}?parent={parent.pk}",
        "quick_url": f"{reverse('organizations:found')}?parent={parent.pk}"
        if queries.get_reach_below(actor, parent.node.path).manages
        else "",
    }
    return render(request, "organizations/new_founding.html", context, status=done)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _employer(request: HttpRequest) -> Employer | None:
    """The employer named in the address. Names and numbers of employers are public."""
    pk = _number(request, "employer")
    if pk is None:
        return None
    found = queries.find_employer_by_id(pk)
    if found is None:
        raise NotFound()
    return found


def _parent(request: HttpRequest, actor: Actor, employer: Employer | None) -> Organization:
    """The union named in the address; else the nearest one over the employer, else the actor's own."""
    pk = _number(request, "parent")
    if pk is not None:
        return queries.get_organization(actor, pk)
    near = queries.find_union_of_division(employer.division_id) if employer else None
    if near is not None and actor.may("organizations.found", near.path):
        return queries.get_organization(actor, near.pk)
    tops = queries.list_tops(actor)
    if not tops:
        raise NotFound()
    return queries.get_organization(actor, tops[0].pk)


def _initial(parent: Organization, employer: Employer | None, allowed: tuple[str, ...]) -> dict[str, Any]:
    initial = {"place": employer.division_id if employer else parent.division_id, "form": next(iter(allowed), "")}
    return initial | ({"name": f"{employer.name}工会"} if employer else {})


def take(request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> Any:
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


@require_safe
@door("desk", "organizations.view")
def founding(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One founding: facts and election left, what comes next at the right."""
    found = queries.get_founding(actor, pk)
    page = queries.get_founding_page(actor, found)
    context = {
        "founding": found,
        "page": page,
        "facts": screens.founding_facts(found),
        "stages": screens.stage_bar(screens.FOUNDING_LINE, found.state, page.steps),
        "papers": screens.paper_lines(page.papers),
        "paper_label": screens.PAPER_WORDS.get(page.paper_kind, ""),
        "steps": screens.step_lines(actor, page.steps),
        "next_steps": screens.next_lines("founding", pk, page.next_steps, ASKS),
        "election": screens.election_facts(found.election) if found.election else [],
        "seats": screens.seat_lines(found.election) if found.election else [],
        "can_write": page.may_write and found.state in ("draft", "returned"),
        "can_elect": page.may_write and found.state == "preparing",
    }
    return render(request, "organizations/founding.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.found")
def founding_facts(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What the request says."""
    found = queries.get_founding(actor, pk, "organizations.found")
    form = DraftForm(request.POST or None, initial={name: getattr(found, name) for name in DRAFT})
    facts = {"title": "建会资料", "button": "保存资料", "note": "改了资料，已经打印的筹建请示会作废，重新打印。"}
    done = take(
        request,
        form,
        lambda: actions.write_founding(actor, pk, **{name: form.cleaned_data[name] for name in DRAFT}),
    )
    return _answer(request, found, form, done, "资料已保存。", **facts)


def _answer(
    request: HttpRequest, found: Founding, form: forms.Form, done: Any, said: str, **words: Any
) -> HttpResponse:
    if not isinstance(done, int):
        messages.success(request, said)
        return redirect("organizations:founding", found.pk)
    back = reverse("organizations:founding", args=[found.pk])
    context = {"form": form, "name": found.name, "back": back, "kind": "建会", **words}
    return render(request, "organizations/matter_form.html", context, status=done)


@require_POST
@door("desk", "organizations.view")
def founding_paper(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Make the paper that is needed now."""
    return redirect("papers:paper", actions.issue_founding_paper(actor, pk).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.found")
def founding_election(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The result of the election."""
    found = queries.get_founding(actor, pk, "organizations.found")
    members = found.members_count or found.workers_count or 0
    initial = (
        ElectionForm.initial_of(found.election)
        if found.election
        else {"assembly": "members", "members_count": found.members_count, "term_years": "3"}
    )
    form = ElectionForm(request.POST or None, initial=initial, members=members)
    back = reverse("organizations:founding", args=[pk])
    done = take(request, form, lambda: actions.record_founding_election(actor, pk, form.facts()))
    if not isinstance(done, int):
        messages.success(request, "选举结果已登记，可以生成报告了。", extra_tags=f"draft:election-{back}")
        return redirect("organizations:founding", pk)
    context = {"form": form, "name": found.name, "back": back, "kind": "建会"}
    return render(request, "organizations/election.html", context, status=done)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.found")
def founding_complete(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Seal, certificate and account; then the union stands."""
    found = queries.get_founding(actor, pk, "organizations.found")
    form = CompleteForm(request.POST or None)
    words = {"title": "刻章、法人证书、开户", "button": "办完，工会成立", "note": ""}
    done = take(request, form, lambda: actions.complete_founding(actor, pk, **form.cleaned_data))
    return _answer(request, found, form, done, f"{found.name}已成立，届次和任职已经登记。", **words)


def _reason(
    request: HttpRequest, found: Founding, act: Callable[..., Founding], actor: Actor, title: str, said: str
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    done = take(
        request,
        form,
        lambda: act(actor, found.pk, reason=form.cleaned_data["reason"], submit_key=form.cleaned_data["submit_key"]),
    )
    return _answer(request, found, form, done, said, title=title, button=title, note="")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.approve")
def founding_return_application(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Send the request back."""
    found = queries.get_founding(actor, pk, "organizations.approve")
    return _reason(request, found, actions.return_founding, actor, "退回补正", "已退回，等补正后再报。")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.approve")
def founding_return_election(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The election has to be held again."""
    found = queries.get_founding(actor, pk, "organizations.approve")
    return _reason(
        request, found, actions.return_founding_election, actor, "退回重新选举", "已退回，等重新选举后再报。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.found")
def founding_cancel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    found = queries.get_founding(actor, pk, "organizations.found")
    return _reason(request, found, actions.cancel_founding, actor, "不建了", "这次建会已经停办，经过都留着。")


def _step(request: HttpRequest, actor: Actor, pk: int, act: Callable[..., Founding], said: str) -> HttpResponse:
    act(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, said)
    return redirect("organizations:founding", pk)


@require_POST
@door("desk", "organizations.found")
def founding_apply(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Send it up."""
    return _step(request, actor, pk, actions.apply_founding, "已报上级工会，等批复。")


@require_POST
@door("desk", "organizations.approve")
def founding_prepare(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Agree to the preparation."""
    return _step(request, actor, pk, actions.prepare_founding, "已同意筹建，可以发展会员了。")


@require_POST
@door("desk", "organizations.found")
def founding_report(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Report the election."""
    return _step(request, actor, pk, actions.report_founding, "选举结果已报上级工会，等批复。")


@require_POST
@door("desk", "organizations.approve")
def founding_approve(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Approve."""
    return _step(request, actor, pk, actions.approve_founding, "已批复成立，等刻章、办证、开户。")

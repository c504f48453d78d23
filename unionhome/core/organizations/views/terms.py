"""Terms and re-elections on the desk: the list, one re-election and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, screens
from unionhome.core.organizations.forms import ElectionForm, ReasonForm, initial_seats
from unionhome.core.organizations.models import Organization, Reelection
from unionhome.core.organizations.views.foundings import take
from unionhome.core.registry import Actor

PAGE_ROWS = 50
ASKS = ("return_election",)
PROGRESS = (("", "全部"), ("none", "还没开始"), ("moving", "正在办"))


@require_safe
@door("desk", "organizations.view")
def terms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Unions whose term is over or ends soon: counts and filters in the address."""
    stage, progress = request.GET.get("stage", ""), request.GET.get("progress", "")
    under = _under(request, actor)
    today = timezone.localdate(actor.at)
    rules = queries.get_term_rules(today)
    found = queries.list_terms(actor, stage=stage, progress=progress, under=under.node if under else None)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    keep = {"node": str(under.pk)} if under else {}
    context = {
        "page": page,
        "under": under,
        "lines": screens.term_lines(rows, queries.list_open_reelections(rows), rules, today),
        "counts": screens.stage_counts(
            queries.count_stages(actor, under.node if under else None),
            rules,
            stage,
            _head(keep | {"progress": progress}),
        ),
        "filters": [_progress_filter(progress, keep | {"stage": stage})],
        "is_filtered": bool(stage or progress),
        "clear_url": _head(keep),
    }
    return render(request, "organizations/terms.html", context)


def _under(request: HttpRequest, actor: Actor) -> Organization | None:
    text = request.GET.get("node", "")
    return queries.get_organization(actor, int(text)) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _head(values: dict[str, str]) -> str:
    """The start of an address with those parameters that say something."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"?{query}&" if query else "?"


def _progress_filter(chosen: str, keep: dict[str, str]) -> dict[str, Any]:
    words = dict(PROGRESS)
    return {
        "label": "进度",
        "value": words.get(chosen, "") if chosen else "",
        "active": bool(chosen),
        "clear_url": _head(keep),
        "options": [
            {
                "label": label,
                "url": _head(keep | {"progress": value}).rstrip("&"),
                "active": value == chosen,
            }
            for value, label in PROGRESS
        ],
    }


@require_POST
@door("desk", "organizations.reelect")
def open_reelection(request: HttpRequest, actor: Actor, node_id: int) -> HttpResponse:
    """Go to the re-election of the union's present term."""
    return redirect("organizations:reelection", actions.open_reelection(actor, node_id).pk)


@require_safe
@door("desk", "organizations.view")
def reelection(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One re-election: election left, what comes next at the right."""
    found = queries.get_reelection(actor, pk)
    page = queries.get_reelection_page(actor, found)
    is_open = found.state in ("due", "started", "reported")
    context = {
        "reelection": found,
        "organization": found.node.organization,
        "page": page,
        "stage": page.stage_text if is_open else "",
        "stage_tone": screens.STAGE_TONES.get(page.stage, "grey"),
        "is_late": is_open and page.stage == "late",
        "stages": screens.stage_bar(screens.TERM_LINE, found.state, page.steps),
        "papers": screens.paper_lines(page.papers),
        "paper_label": screens.PAPER_WORDS.get(page.paper_kind, ""),
        "steps": screens.step_lines(actor, page.steps),
        "next_steps": screens.next_lines("reelection", pk, page.next_steps, ASKS),
        "election": screens.election_facts(found.election) if found.election else [],
        "seats": screens.seat_lines(found.election) if found.election else [],
        "can_elect": page.may_write and found.state == "started",
    }
    return render(request, "organizations/reelection.html", context)


@require_POST
@door("desk", "organizations.view")
def reelection_paper(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Make the paper that is needed now."""
    return redirect("papers:paper", actions.issue_term_paper(actor, pk).pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.reelect")
def reelection_election(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The result of the election; those in office stand in the lines already."""
    found = queries.get_reelection(actor, pk, "organizations.reelect")
    organization: Organization = found.node.organization
    form = ElectionForm(
        request.POST or None,
        initial=_initial(actor, found, organization),
        members=organization.members_count or 0,
        is_grassroots=not found.node.is_local,
    )
    back = reverse("organizations:reelection", args=[pk])
    done = take(request, form, lambda: actions.record_term_election(actor, pk, form.facts()))
    if not isinstance(done, int):
        messages.success(request, "选举结果已登记，可以生成报告了。", extra_tags=f"draft:election-{back}")
        return redirect("organizations:reelection", pk)
    context = {"form": form, "name": found.node.name, "back": back, "kind": "换届"}
    return render(request, "organizations/election.html", context, status=done)


def _initial(actor: Actor, found: Reelection, organization: Organization) -> dict[str, Any]:
    if found.election is not None:
        return ElectionForm.initial_of(found.election)
    officers = queries.list_officers(organization, timezone.localdate(actor.at))
    return {
        "assembly": "members" if not found.node.is_local else "delegates",
        "members_count": organization.members_count,
        "term_years": str(organization.term_years or (5 if found.node.is_local else 3)),
    } | initial_seats((one.committee, one.name, one.post, None) for one in officers)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.approve")
def reelection_return_election(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The election has to be held again."""
    found = queries.get_reelection(actor, pk, "organizations.approve")
    form = ReasonForm(request.POST or None)

    def act() -> Reelection:
        values = form.cleaned_data
        return actions.return_term_election(actor, pk, reason=values["reason"], submit_key=values["submit_key"])

    done = take(request, form, act)
    if not isinstance(done, int):
        messages.success(request, "已退回，等重新选举后再报。")
        return redirect("organizations:reelection", pk)
    back = reverse("organizations:reelection", args=[pk])
    context = {"form": form, "name": found.node.name, "back": back, "kind": "换届"}
    words = {"title": "退回重新选举", "button": "退回重新选举", "note": ""}
    return render(request, "organizations/matter_form.html", context | words, status=done)


def _step(request: HttpRequest, actor: Actor, pk: int, act: Callable[..., Reelection], said: str) -> HttpResponse:
    act(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, said)
    return redirect("organizations:reelection", pk)


@require_POST
@door("desk", "organizations.reelect")
def reelection_begin(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Begin."""
    return _step(request, actor, pk, actions.begin_reelection, "换届开始了，选举后回来登记结果。")


@require_POST
@door("desk", "organizations.reelect")
def reelection_report(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Report the election."""
    return _step(request, actor, pk, actions.report_reelection, "选举结果已报上级工会，等批复。")


@require_POST
@door("desk", "organizations.approve")
def reelection_approve(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Approve the new term."""
    return _step(request, actor, pk, actions.approve_reelection, "已批复，新一届届次和任职已经登记。")

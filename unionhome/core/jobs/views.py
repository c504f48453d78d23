"""The queue on the system administrator's desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from unionhome.core.access.doors import door
from unionhome.core.jobs import actions, queries
from unionhome.core.registry import Actor

PAGE = 30


@require_GET
@door("desk", "jobs.manage")
def job_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """States with counts, the jobs of one state, and the schedules."""
    state = request.GET.get("state", "")
    page = Paginator(queries.list_jobs(actor, state), PAGE).get_page(request.GET.get("page"))
    states = queries.list_state_counts(actor)
    context = {
        "state": state,
        "state_label": next((each.label for each in states if each.state == state), ""),
        "counts": [_count(each, state) for each in states],
        "failed_count": next(each.count for each in states if each.state == "FAILED"),
        "page": page,
        "lines": queries.list_lines(page),
        "rounds": queries.list_rounds(actor),
    }
    return render(request, "jobs/list.html", context)


def _count(each: queries.StateCount, state: str) -> dict[str, object]:
    return {
        "label": each.label,
        "value": each.count,
        "url": f"?state={each.state}",
        "active": each.state == state,
        "tone": "deep" if each.state == "FAILED" and each.count else "ink",
    }


@require_POST
@door("desk", "jobs.manage")
def job_retry(request: HttpRequest, actor: Actor, job_id: int) -> HttpResponse:
    """Queue a failed job again."""
    job = actions.retry_job(actor, job_id)
    messages.success(request, f"第 {job.pk} 号任务已重新排队，几秒内开始办理。")
    return redirect("jobs:list")

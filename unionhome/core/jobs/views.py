"""The queue on the system administrator's desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from unionhome.core.access.doors import door
from unionhome.core.jobs import actions, queries
from unionhome.core.registry import Actor

PAGE = 50


@require_GET
@door("desk", "jobs.manage")
def job_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """States with counts, the jobs of one state, and the schedules."""
    state = request.GET.get("state", "")
    page = Paginator(queries.list_jobs(actor, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "state": state,
        "counts": queries.list_state_counts(actor),
        "page": page,
        "lines": [(job, queries.label_of(job.task)) for job in page],
        "rounds": queries.list_rounds(actor),
    }
    return render(request, "jobs/list.html", context)


@require_POST
@door("desk", "jobs.manage")
def job_retry(request: HttpRequest, actor: Actor, job_id: int) -> HttpResponse:
    """Queue a failed job again."""
    job = actions.retry_job(actor, job_id)
    messages.success(request, f"第 {job.pk} 号任务已重新排队，几秒内开始办理。")
    return redirect("jobs:list")

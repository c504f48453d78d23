"""What everybody reads of public notices: the running ones, whether a paper is genuine, and the way to object."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import address_of, answer_refused, door, put_refusal
from unionhome.core.publicity import actions, queries, screens
from unionhome.core.publicity.actions import Complaint, Photo
from unionhome.core.publicity.forms import ObjectForm
from unionhome.core.publicity.models import Notice
from unionhome.core.registry import Actor, NotFound, Refused

PAGE_SIZE = 50


def _unindexed(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps what is gone after a few days."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@door("open")
def open_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Notices that run now and may be read on line."""
    page = Paginator(queries.list_open(actor.at), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": screens.open_rows(page.object_list)}
    return _unindexed(render(request, "publicity/open_list.html", context))


@require_GET
@door("open")
def open_notice(request: HttpRequest, actor: Actor, notice: str) -> HttpResponse:
    """A list while it runs; afterwards it is gone."""
    found = queries.get_shown_notice(notice)
    if not found.is_open or found.state == "issued":
        raise NotFound()
    if not queries.is_readable(found, actor.at):
        gone = answer_refused(request, 410, "这份公示已经结束，名单不再公开。", code="notice-gone")
        return _unindexed(gone)
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "notice": found,
        "span": screens.span_text(found),
        "heads": screens.head_cells(found),
        "page": page,
        "rows": screens.body_rows(found, list(page.object_list)),
        "object_url": _object_url(found, actor),
    }
    return _unindexed(render(request, "publicity/open_notice.html", context))


def _object_url(notice: Notice, actor: Actor) -> str:
    """The way to object, while it counts."""
    if queries.find_late_refusal(notice, actor.at) is not None:
        return ""
    return reverse("publicity:object", args=[notice.public_id])


@require_GET
@door("open")
def check(request: HttpRequest, actor: Actor, notice: str) -> HttpResponse:
    """Whether a paper on a board is genuine, and how long it runs: no names here."""
    found = queries.get_shown_notice(notice)
    context = {
        "notice": found,
        "fact_rows": screens.check_facts(found, actor.at),
        "digest": found.digest,
        "object_url": _object_url(found, actor),
        "elsewhere": queries.ELSEWHERE,
    }
    return _unindexed(render(request, "publicity/check.html", context))


@require_http_methods(["GET", "POST"])
@door("open")
def object_to(request: HttpRequest, actor: Actor, notice: str) -> HttpResponse:
    """Object, with a name or without one, from any telephone."""
    found = queries.get_shown_notice(notice)
    late = queries.find_late_refusal(found, actor.at)
    if request.method == "GET" and late is not None:
        raise late
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = ObjectForm(*sent), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            clean = form.cleaned_data
            photos = tuple(Photo(file.name, file.read()) for file in clean["photos"])
            given = Complaint(clean["text"], clean["name"], clean["contact"], photos)
            try:
                made = actions.object_online(
                    actor, notice, given, address=address_of(request), submit_key=clean["submit_key"]
                )
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                return redirect("publicity:receipt", made.receipt)
    context = {"form": form, "notice": found, "span": screens.span_text(found)}
    return _unindexed(render(request, "publicity/object.html", context, status=status))


@require_GET
@door("open")
def receipt(request: HttpRequest, actor: Actor, receipt: str) -> HttpResponse:
    """What became of an objection, for whoever has its code."""
    found = queries.get_receipt(receipt)
    context = {"objection": found, "notice": found.notice, "answer": screens.answer_of(found)}
    return _unindexed(render(request, "publicity/receipt.html", context))

"""Desk pages of papers: the list, one paper, its PDF, and its way through print and seal."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.files.views import send
from unionhome.core.papers import actions, queries, screens
from unionhome.core.papers.forms import ScanForm, VoidForm, WriteForm
from unionhome.core.papers.models import Paper
from unionhome.core.papers.papers import paper_pdf
from unionhome.core.registry import Actor, Refused
from unionhome.kit.forms import Form

PAGE_ROWS = 50


@require_safe
@door("desk", "papers.view")
def paper_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Papers of the actor's branches; the counts are filters."""
    state = request.GET.get("state", "")
    page = Paginator(queries.list_papers(actor, state), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": screens.paper_lines(page.object_list),
        "counts": screens.paper_counts(queries.count_papers(actor), state),
        "is_filtered": bool(state),
    }
    return render(request, "papers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "papers.view")
def paper(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One paper: its words, and at the right what comes next. Sending the form keeps number, day and words."""
    found = queries.get_paper(actor, pk)
    form, status = WriteForm(request.POST or None, initial=screens.initial_of(found)), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.write_paper(
                    actor, pk, number=values["number"], dated_on=values["dated_on"], text=values["text"]
                )
            except Refused as refused:
                status = _take(form, refused)
            else:
                messages.success(request, "文号和正文已保存，可以打印。")
                return redirect("papers:paper", pk)
    return _page(request, actor, found, status, form=form)


def _page(request: HttpRequest, actor: Actor, found: Paper, status: int, **forms: Form) -> HttpResponse:
    page = queries.get_page(actor, found)
    may_write = found.state == "to_print" and actor.may("papers.print", found.node.path)
    may_seal = found.state == "to_seal" and actor.may("papers.seal", found.node.path)
    context: dict[str, Any] = {
        "paper": found,
        "page": page,
        "steps": screens.step_lines(actor, page.steps),
        "next_steps": screens.next_lines(found, page.next_steps),
        "scans": [
            {"file": scan, "url": reverse("papers:scan", args=[found.pk, place])}
            for place, scan in enumerate(page.scans, start=1)
        ],
        "form": forms.get("form") if may_write else None,
        "scan_form": forms.get("scan_form", ScanForm()) if may_seal else None,
    }
    return render(request, "papers/paper.html", context, status=status)


def _take(form: Form, refused: Refused) -> int:
    """Put a refusal at the form's fields; the status to answer with."""
    if refused.status in (403, 404):
        raise refused
    for name, sentence in (refused.fields or {"": refused.sentence}).items():
        form.add_error(name if name in form.fields else None, sentence)
    return refused.status


@require_safe
@door("desk", "papers.view")
def pdf(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The paper as it is to be printed."""
    found = queries.get_paper(actor, pk)
    answer = HttpResponse(paper_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{found.title}.pdf") or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@door("desk", "papers.print")
def print_paper(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """It lies printed on the table."""
    actions.print_paper(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "盖章以后，在这一页扫描或拍照回传。")
    return redirect("papers:paper", pk)


@require_POST
@door("desk", "papers.print")
def rewrite(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The words have to change."""
    actions.rewrite_paper(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "可以改文号和正文了，改好再打印。")
    return redirect("papers:paper", pk)


@require_POST
@door("desk", "papers.seal")
def seal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take the sealed copy back."""
    found = queries.get_paper(actor, pk)
    form, status = ScanForm(request.POST, request.FILES), 400
    if form.is_valid():
        scans = [actions.Scan(one.name or "", one.read()) for one in form.cleaned_data["scans"]]
        try:
            actions.seal_paper(actor, pk, scans, submit_key=form.cleaned_data["submit_key"])
        except Refused as refused:
            status = _take(form, refused)
        else:
            messages.success(request, "盖章件已回传。")
            return redirect(found.back_url)
    return _page(request, actor, found, status, scan_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "papers.void")
def void(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take it out of use, with the reason."""
    found = queries.get_paper(actor, pk, "papers.void")
    form, status = VoidForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = form.cleaned_data
            try:
                actions.void_paper(actor, pk, reason=values["reason"], submit_key=values["submit_key"])
            except Refused as refused:
                status = _take(form, refused)
            else:
                messages.success(request, "公文已作废，可以重新生成。")
                return redirect(found.back_url)
    return render(request, "papers/void.html", {"form": form, "paper": found}, status=status)


@require_safe
@door("desk", "papers.view")
def scan(request: HttpRequest, actor: Actor, pk: int, place: int) -> HttpResponse:
    """One page of the sealed copy."""
    return send(request, queries.get_scan(queries.get_paper(actor, pk), place))

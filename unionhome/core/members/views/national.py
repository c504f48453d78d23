"""The desk's pages of the national register: hand an export in, match its columns, settle what differs."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries, screens, sheets
from unionhome.core.members.forms import NationalForm, SettleForm
from unionhome.core.members.models import NationalImport
from unionhome.core.members.rules import national as rules
from unionhome.core.members.rules.national import DifferenceKind, DifferenceState
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.rosters import REFRESH_SECONDS, WORKBOOK
from unionhome.core.registry import Actor, BadInput, Refused

PAGE_ROWS = 40
SHEET_ROWS = 200_000


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.import")
def batches(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Exports handed in so far, and the form for the next one."""
    form, status = NationalForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            (upload,) = form.cleaned_data["file"]
            try:
                made = actions.hand_in_national(
                    actor, upload.read(), name=upload.name, submit_key=form.cleaned_data["submit_key"]
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                return redirect("members:national_batch", made.pk)
    page = Paginator(queries.list_national(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "lines": screens.national_lines(page.object_list),
        "mappings": queries.list_mappings(actor)[:20],
    }  # fmt: skip
    return render(request, "members/national.html", context, status=status)


@require_safe
@door("desk", "members.import")
def batch(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One export: its columns to match, or what differs. It looks again while it is compared."""
    found = queries.get_national(actor, pk)
    if found.state == "uploaded" or (request.GET.get("columns") and found.state == "compared"):
        return _columns_page(request, actor, found)
    return _differences_page(request, actor, found)


def _columns_page(
    request: HttpRequest, actor: Actor, found: NationalImport, refused: Refused | None = None
) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    context = {
        "batch": found,
        "page": screens.columns_page(actor, found, given),
        "problem": refused.sentence if refused else "",
        "wrong": refused.fields if refused else {},
    }
    return render(request, "members/national_columns.html", context, status=refused.status if refused else 200)


@require_POST
@door("desk", "members.import")
def compare(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Save whose column is whose and compare."""
    found = queries.get_national(actor, pk)
    columns, words = _read_mapping(request.POST, found)
    try:
        actions.start_comparing(
            actor, pk, columns=columns, words=words, name=request.POST.get("name", ""),
            submit_key=request.POST.get("submit_key", "")[:32],
        )  # fmt: skip
    except BadInput as refused:
        return _columns_page(request, actor, found, refused)
    messages.success(request, "正在逐行核对，可以离开这一页。")
    return redirect("members:national_batch", pk)


def _read_mapping(given: Mapping[str, str], found: NationalImport) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    columns = {
        column: given.get(f"column-{place}", "")[:60] for place, column in enumerate(rules.COLUMNS)
    }  # fmt: skip
    words: dict[str, dict[str, str]] = {}
    for column, strange in found.strange.items():
        for place, word in enumerate(strange):
            meant = given.get(f"word-{column}-{place}", "")
            if meant in dict(rules.TABLES[column].choices):
                words.setdefault(column, {})[word] = meant
    return columns, words


def _filters(request: HttpRequest) -> dict[str, str]:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return {
        "kind": kind if kind in DifferenceKind.values else "",
        "state": state if state in DifferenceState.values else DifferenceState.OPEN.value,
        "field": request.GET.get("field", "")[:24],
    }


def _differences_page(request: HttpRequest, actor: Actor, found: NationalImport) -> HttpResponse:
    asked = _filters(request)
    page = Paginator(queries.list_differences(actor, found, **asked), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "view": screens.differences_page(actor, found, asked, queries.count_differences(actor, found)),
        "page": page,
        "rows": queries.list_difference_rows(actor, page.object_list),
        "asked": asked,
        "query": request.GET.urlencode(),
    }
    answer = render(request, "members/national_batch.html", context)
    if found.state == "comparing":
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
@door("desk", "members.import")
def settle(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Which rows an act would settle; confirmed, it settles them."""
    found = queries.get_national(actor, pk)
    if request.POST.get("confirm"):
        form = SettleForm(request.POST)
        ids, verb = _numbers(request.POST.get("ids", "")), request.POST.get("act", "")
        try:
            done = actions.settle_differences(actor, pk, ids, verb, reason=request.POST.get("reason", ""))
        except BadInput as refused:
            put_errors(form, refused)
            return _preview(request, actor, found, form, ids, verb, refused.status)
        left = sum(count for _, count in done.faults)
        messages.success(request, f"处理了{done.count}行" + (f"，还有{left}行没有处理" if left else ""))
        return redirect("members:national_batch", pk)
    verb, ids = _picked(request, actor, found)
    form = SettleForm(initial={"ids": ",".join(map(str, ids)), "act": verb})
    return _preview(request, actor, found, form, ids, verb, 200)


def _picked(request: HttpRequest, actor: Actor, found: NationalImport) -> tuple[str, list[int]]:
    """What was asked for: one row by its own button, all of the filter, or those ticked."""
    verb, _, one = request.POST.get("one", "").partition("-")
    if one:
        return verb, _numbers(one)
    if every := request.POST.get("every", ""):
        asked = _filters(request)
        rows = queries.list_differences(actor, found, kind=asked["kind"], field=asked["field"])
        return every, list(rows.values_list("pk", flat=True)[: actions.SETTLED_AT_ONCE])
    return request.POST.get("act", ""), _numbers(",".join(request.POST.getlist("pick")))


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each.isascii() and each.isdigit() and len(each) < 18]


def _preview(
    request: HttpRequest, actor: Actor, found: NationalImport, form: Any, ids: list[int], verb: str, status: int
) -> HttpResponse:
    try:
        foreseen = actions.preview_settling(actor, found.pk, ids, verb)
    except BadInput as refused:
        messages.error(request, refused.sentence)
        return redirect(reverse("members:national_batch", args=[found.pk]))
    context = {"batch": found, "form": form, "foreseen": foreseen, "act": rules.BY_VERB[verb]}
    return render(request, "members/national_settle.html", context, status=status)


@require_POST
@door("desk", "members.import")
def close(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Be done with it."""
    actions.close_national(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "这次核对办完了，没有处理的仍然列着。")
    return redirect("members:national_batch", pk)


@require_POST
@door("desk", "members.import")
def cancel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    actions.cancel_national(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "这份导出表不核对了，登记没有变。")
    return redirect("members:national")


@require_safe
@door("desk", "members.import")
def sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The differences of a filter as a workbook, masked as on the page."""
    found = queries.get_national(actor, pk)
    rows = list(queries.list_differences(actor, found, **_filters(request))[:SHEET_ROWS])
    lines = screens.difference_cells(
        line
        for start in range(0, len(rows), PAGE_ROWS * 25)
        for line in queries.list_difference_rows(actor, rows[start : start + PAGE_ROWS * 25])
    )
    actions.note_national_download(actor, found, len(rows))
    data = sheets.list_workbook(screens.DIFFERENCE_HEADERS, lines, sheet_name="差异")
    answer = HttpResponse(data, content_type=WORKBOOK)
    answer["Content-Disposition"] = content_disposition_header(True, f"全国系统差异-{pk}.xlsx") or "attachment"
    return answer

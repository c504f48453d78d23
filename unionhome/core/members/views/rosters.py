"""The desk's pages of rosters: hand one in, look it over, confirm it, watch it, take back what was refused."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries, screens, sheets
from unionhome.core.members.forms import RosterForm
from unionhome.core.members.views.desk import put_errors
from unionhome.core.registry import Actor, NotFound, Refused

PAGE_ROWS = 20
REFRESH_SECONDS = 3
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.import")
def rosters(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Rosters handed in so far, and the form for the next one."""
    form, status = RosterForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _hand_in(request, actor, form.cleaned_data)
            except NotFound as refused:
                form.add_error("union", refused.sentence)
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
    page = Paginator(queries.list_rosters(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": screens.roster_lines(page.object_list),
        "branch": queries.find_own_branch(actor),
    }
    return render(request, "members/rosters.html", context, status=status)


def _hand_in(request: HttpRequest, actor: Actor, given: dict[str, Any]) -> HttpResponse:
    (upload,) = given["file"]
    roster = actions.hand_in_roster(
        actor,
        upload.read(),
        name=upload.name,
        union=queries.find_given_union(actor, given["union"]),
        submit_key=given["submit_key"],
    )
    messages.success(request, "名册已收到，正在逐行检查；检查不改登记。")
    return redirect("members:roster", roster.pk)


@require_safe
@door("desk", "members.import")
def template(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The empty template."""
    return _workbook(sheets.template_workbook(), "会员名册模板.xlsx")


@require_safe
@door("desk", "members.import")
def roster(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One roster: what the check foresees, how far the entry is, what was refused. It looks again while work goes on."""
    found = queries.get_roster(actor, pk)
    context = {"roster": found, "page": screens.roster_page(actor, found)}
    answer = render(request, "members/roster.html", context)
    if found.state in ("uploaded", "applying"):
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
@door("desk", "members.import")
def apply_roster(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Confirm what the check foresaw."""
    actions.apply_roster(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "正在分批登记，可以离开这一页。")
    return redirect("members:roster", pk)


@require_POST
@door("desk", "members.import")
def resume_roster(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Go on with an entry that stopped."""
    actions.resume_roster(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "接着登记，可以离开这一页。")
    return redirect("members:roster", pk)


@require_POST
@door("desk", "members.import")
def cancel_roster(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    actions.cancel_roster(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "这份名册不登记了，登记没有变。")
    return redirect("members:rosters")


@require_safe
@door("desk", "members.import")
def refused(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The refused rows with their reasons, made anew each time: nothing of it stays on the disk."""
    found = queries.get_roster(actor, pk)
    if found.erased_at is not None or not found.reasons:
        raise Refused("没有可以下载的行：没有被退回的，或者已经过了保存期限。", "nothing-refused")
    actions.note_download(actor, found)
    buffer = BytesIO()
    sheets.refused_workbook(buffer, found.columns, queries.list_refusals(found))
    return _workbook(buffer.getvalue(), f"没有收的行-{found.pk}.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=WORKBOOK)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

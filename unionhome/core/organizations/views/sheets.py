"""The desk's pages of sheets: hand one in, look it over, confirm it, take back what was refused; a branch as a sheet."""

from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations import sheets as workbooks
from unionhome.core.organizations.forms import FilterForm, SheetForm, take_refusal
from unionhome.core.organizations.screens.sheets import sheet_lines, sheet_page
from unionhome.core.organizations.views.browse import asked_root
from unionhome.core.registry import Actor, Refused
from unionhome.kit.sheets import write_refused

PAGE_ROWS = 20
REFRESH_SECONDS = 3
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "organizations.import")
def sheets(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sheets handed in so far, and the form for the next one."""
    form, status = SheetForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            (upload,) = form.cleaned_data["file"]
            key = form.cleaned_data["submit_key"]
            try:
                sheet = actions.hand_in_sheet(actor, upload.read(), name=upload.name, submit_key=key)
            except Refused as refused:
                take_refusal(form, refused.fields, refused.sentence, {})
                status = refused.status
            else:
                messages.success(request, "组织表已收到，正在逐行检查；检查不改登记。")
                return redirect("organizations:sheet", sheet.pk)
    page = Paginator(queries.list_sheets(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    branch = queries.find_own_branch(actor)
    context = {"form": form, "page": page, "lines": sheet_lines(page.object_list), "branch": branch}
    return render(request, "organizations/sheets.html", context, status=status)


@require_safe
@door("desk", "organizations.import")
def sheet_template(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The empty template."""
    return _workbook(workbooks.template_workbook(), "工会组织模板.xlsx")


@require_safe
@door("desk", "organizations.import")
def sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One sheet: what the check foresees, what became of it. It looks again while work goes on."""
    found = queries.get_sheet(actor, pk)
    answer = render(request, "organizations/sheet.html", {"sheet": found, "page": sheet_page(actor, found)})
    if found.state in ("uploaded", "applying"):
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
@door("desk", "organizations.import")
def apply_sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Confirm what the check foresaw."""
    actions.apply_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "正在登记，可以离开这一页。")
    return redirect("organizations:sheet", pk)


@require_POST
@door("desk", "organizations.import")
def resume_sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Go on with an entry that stopped."""
    actions.resume_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "接着登记，可以离开这一页。")
    return redirect("organizations:sheet", pk)


@require_POST
@door("desk", "organizations.import")
def cancel_sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    actions.cancel_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "这份组织表不登记了，登记没有变。")
    return redirect("organizations:sheets")


@require_safe
@door("desk", "organizations.import")
def sheet_refused(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The refused rows with their reasons, made anew each time: nothing of it stays on the disk."""
    found = queries.get_sheet(actor, pk)
    if found.erased_at is not None or not found.reasons:
        raise Refused("没有可以下载的行：没有被退回的，或者已经过了保存期限。", "nothing-refused")
    actions.note_download(actor, found)
    buffer = BytesIO()
    write_refused(buffer, found.columns, queries.list_refusals(found))
    return _workbook(buffer.getvalue(), f"没有收的工会-{found.pk}.xlsx")


@require_safe
@door("desk", "organizations.import")
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as it is filtered, as a sheet that can be handed in again."""
    root = asked_root(request, actor)
    under = root.node if root else None
    unions = queries.list_organizations(actor, FilterForm(request.GET).filters(), under=under)
    buffer = BytesIO()
    count = workbooks.export_workbook(buffer, queries.list_export_rows(unions))
    actions.export_unions(actor, under or queries.find_own_branch(actor), count)
    return _workbook(buffer.getvalue(), "工会组织.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=WORKBOOK)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

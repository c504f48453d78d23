"""Orders of the 12351 hotline: the list, one typed by hand, sheets of them, and the way back to the hotline."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases.queries import list_town_choices
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.services.helpdesk import actions, queries, screens, sheets
from unionhome.services.helpdesk.forms import OrderForm, OrderSheetForm, ReturnForm, WordsForm
from unionhome.services.helpdesk.models import HotlineSheet
from unionhome.services.helpdesk.queries.hotline import DAY, get_return_until

PAGE_ROWS, LINE_ROWS = 50, 50
RETURN_DAYS, MOST_DAYS, MOST_RETURNED = 30, 366, 20_000
REFRESH_SECONDS = 3
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERMISSION = "helpdesk.hotline"


@require_safe
@door("desk", PERMISSION)
def orders(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Orders of the branch, and the time whose outcomes go back to the hotline."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:40]
    page = Paginator(queries.list_orders(actor, text), PAGE_ROWS).get_page(request.GET.get("page"))
    begins_on, ends_on = get_return_until(actor, RETURN_DAYS)
    context = {
        "page": page,
        "rows": screens.order_rows(page.object_list, actor.at),
        "text": text,
        "return_form": ReturnForm(initial={"begins_on": begins_on, "ends_on": ends_on}),
        "may_take": queries.may_take_orders(actor),
    }
    return render(request, "helpdesk/orders.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", PERMISSION)
def order_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One order typed by hand."""
    form, status = OrderForm(request.POST or None, towns=list_town_choices()), 200
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.register_order(actor, _typed(form.cleaned_data))
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, f"已登记，编号{case.number}，由{case.node.name}承办。", extra_tags="draft:order")
            return redirect("helpdesk:orders")
    elif request.method == "POST":
        status = 400
    return render(request, "helpdesk/order_new.html", {"form": form}, status=status)


def _typed(clean: dict[str, Any]) -> actions.TypedOrder:
    return actions.TypedOrder(
        number=clean["number"],
        text=clean["text"],
        phone=clean["phone"],
        category=clean["category"],
        called=clean["called"],
        name=clean["name"],
        division=clean["town"],
        employer=clean["employer"],
        return_on=clean["return_on"].isoformat() if clean["return_on"] else "",
        is_quiet=clean["is_quiet"],
    )


@require_safe
@door("desk", PERMISSION)
def order_return(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The outcomes of a time's orders, for the hotline. Raises BadInput for a time that is none."""
    form = ReturnForm(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    begins_on, ends_on = get_return_until(actor, RETURN_DAYS)
    begins_on, ends_on = clean.get("begins_on") or begins_on, clean.get("ends_on") or ends_on
    if form.errors or not DAY <= ends_on - begins_on + DAY <= MOST_DAYS * DAY:
        raise BadInput(f"请写对起止日期：从早到晚，最多{MOST_DAYS}天。", "return-days")
    rows = queries.list_returns(actor, begins_on, ends_on, only_ended=bool(clean.get("only_ended")))
    data, count = sheets.return_workbook(rows[:MOST_RETURNED])
    actions.note_return(actor, queries.get_own_branch(actor), count)
    return _workbook(data, f"12351办理结果-{begins_on}-{ends_on}.xlsx")


# -- sheets ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", PERMISSION)
def sheet_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sheets handed in so far, and the form for the next one."""
    form, status = OrderSheetForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            (upload,) = form.cleaned_data["file"]
            key = form.cleaned_data["submit_key"]
            try:
                sheet = actions.hand_in_sheet(actor, upload.read(), name=upload.name, submit_key=key)
            except BadInput as refused:
                form.add_error("file", refused.sentence)
            else:
                messages.success(request, "工单表已收到，正在逐件核对；核对时不登记。")
                return redirect("helpdesk:sheet", sheet.pk)
    page = Paginator(queries.list_sheets(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": screens.sheet_lines(page.object_list),
        "branch": queries.get_own_branch(actor),
        "may_take": queries.may_take_orders(actor),
    }
    return render(request, "helpdesk/sheets.html", context, status=status)


@require_safe
@door("desk", PERMISSION)
def sheet_template(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The empty template."""
    return _workbook(sheets.template_workbook(), "12351工单模板.xlsx")


@require_safe
@door("desk", PERMISSION)
def sheet(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One sheet: what each row becomes, which category words are unknown. It looks again while work goes on."""
    found = queries.get_sheet(actor, pk)
    return _sheet_page(request, actor, found, WordsForm(words=found.words))


def _sheet_page(
    request: HttpRequest, actor: Actor, found: HotlineSheet, words: WordsForm, *, status: int = 200
) -> HttpResponse:
    lines = Paginator(queries.list_lines(found), LINE_ROWS).get_page(request.GET.get("page"))
    context = {
        "sheet": found,
        "page": screens.sheet_page(actor, found),
        "lines": lines,
        "rows": screens.line_rows(list(lines.object_list)),
        "words": words if found.state == "checked" and found.words else None,
    }
    answer = render(request, "helpdesk/sheet.html", context, status=status)
    if found.state in ("uploaded", "applying"):
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
@door("desk", PERMISSION)
def sheet_words(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Keep which categories the sheet's words mean, for this sheet and those to come."""
    found = queries.get_sheet(actor, pk)
    form = WordsForm(request.POST, words=found.words)
    if not form.is_valid():
        return _sheet_page(request, actor, found, form, status=400)
    actions.save_words(actor, pk, form.meanings)
    messages.success(request, "类别记住了，已重新核对；以后的工单表也照这样认。")
    return redirect("helpdesk:sheet", pk)


@require_POST
@door("desk", PERMISSION)
def sheet_apply(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Confirm what the check foresaw."""
    actions.apply_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "正在登记，可以离开这一页。")
    return redirect("helpdesk:sheet", pk)


@require_POST
@door("desk", PERMISSION)
def sheet_resume(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Go on with an entry that stopped."""
    actions.resume_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "接着登记，可以离开这一页。")
    return redirect("helpdesk:sheet", pk)


@require_POST
@door("desk", PERMISSION)
def sheet_cancel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give it up."""
    actions.cancel_sheet(actor, pk, submit_key=request.POST.get("submit_key", "")[:32])
    messages.success(request, "这份工单表不登记了。")
    return redirect("helpdesk:sheets")


@require_safe
@door("desk", PERMISSION)
def sheet_refused(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The refused rows with their reasons, made anew each time: nothing of it stays on the disk."""
    found = queries.get_sheet(actor, pk)
    refused = queries.list_refusals(found)
    if not refused:
        raise Refused("没有可以下载的行：没有写错的，或者已经过了保存期限。", "nothing-refused")
    actions.note_download(actor, found)
    return _workbook(sheets.refused_workbook(found.columns, refused), f"没有收的工单-{found.pk}.xlsx")


@require_safe
@door("desk", PERMISSION)
def sheet_result(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What became of each row, with the need's number beside the order's."""
    found = queries.get_sheet(actor, pk)
    lines = queries.list_lines(found)
    if found.state != "applied" or not lines:
        raise Refused("还没有登记完，或者已经过了保存期限，没有结果可以下载。", "no-result")
    cases = queries.list_cases_of(actor, [line.order for line in lines])
    return _workbook(sheets.result_workbook(lines, cases), f"登记结果-{found.pk}.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=WORKBOOK)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

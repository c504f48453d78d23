"""The desk's pages of the ledger: accounts, one account, one transfer, an income, a reversal."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.ledger import actions, queries, screens, sheets
from unionhome.core.ledger.actions import Income, Purse
from unionhome.core.ledger.forms import PurseFilter, ReasonForm, ReceiveForm, TransferFilter
from unionhome.core.ledger.workflow import REVERSAL
from unionhome.core.organizations.queries import get_named
from unionhome.core.registry import Actor, Refused
from unionhome.core.workflow.queries import list_next_steps
from unionhome.kit.forms import Form

PAGE_ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _asked_purses(request: HttpRequest) -> dict[str, str]:
    form = PurseFilter(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    return {"text": clean.get("q", ""), "fund": clean.get("fund", "")}


@require_safe
@door("desk", "ledger.view")
def purses(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Each union's money of each fund in the actor's branches, with the sums of the list."""
    asked = _asked_purses(request)
    page = Paginator(queries.list_purses(actor, **asked), PAGE_ROWS).get_page(request.GET.get("page"))
    funds = queries.list_funds(timezone.localdate(actor.at))
    context = {
        "page": page,
        "lines": screens.purse_lines(page.object_list),
        "totals": screens.total_facts(queries.count_held(actor, **asked)),
        "filters": screens.fund_filter(funds, asked["fund"], asked["text"]),
        "text": asked["text"],
        "fund": asked["fund"],
        "export_query": urlencode({"q": asked["text"], "fund": asked["fund"]}),
        "may_receive": actor.may("ledger.receive"),
    }
    return render(request, "ledger/list.html", context)


@require_safe
@door("desk", "ledger.view")
def export_purses(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list as a workbook."""
    return _file(sheets.purse_workbook(queries.list_purses(actor, **_asked_purses(request))), "资金台账.xlsx")


def _asked_transfers(request: HttpRequest) -> dict[str, Any]:
    form = TransferFilter(request.GET)
    form.is_valid()
    return {name: form.cleaned_data.get(name) or "" for name in ("code", "first", "last", "before")}


@require_safe
@door("desk", "ledger.view")
def purse(request: HttpRequest, actor: Actor, account_id: int) -> HttpResponse:
    """One account: what it holds, and its transfers, the newest first, a page at a time."""
    found = queries.get_purse(actor, account_id)
    asked = _asked_transfers(request)
    rows = queries.list_transfers(actor, found, **_narrowed(asked))
    if asked["before"]:
        rows = rows.filter(pk__lt=asked["before"])
    shown = list(rows[: PAGE_ROWS + 1])
    kept = {name: asked[name] for name in ("code", "first", "last") if asked[name]}
    more = len(shown) > PAGE_ROWS
    context = {
        "purse": found,
        "facts": screens.purse_facts(found, queries.list_sums(found)),
        "filters": screens.code_filter(found, asked),
        "first": asked["first"],
        "last": asked["last"],
        "code": asked["code"],
        "lines": screens.transfer_lines(shown[:PAGE_ROWS]),
        "next_url": "?" + urlencode(kept | {"before": shown[PAGE_ROWS - 1].pk}) if more else "",
        "first_url": "?" + urlencode(kept) if asked["before"] else "",
        "export_query": urlencode(kept),
    }
    return render(request, "ledger/purse.html", context)


def _narrowed(asked: dict[str, Any]) -> dict[str, Any]:
    return {"code": asked["code"], "first": asked["first"] or None, "last": asked["last"] or None}


@require_safe
@door("desk", "ledger.view")
def export_transfers(request: HttpRequest, actor: Actor, account_id: int) -> HttpResponse:
    """The transfers of an account as they are narrowed, as a workbook."""
    found = queries.get_purse(actor, account_id)
    rows = queries.list_transfers(actor, found, **_narrowed(_asked_transfers(request)))
    return _file(sheets.transfer_workbook(rows[: sheets.MOST_ROWS].iterator(2_000)), f"{found.node.name}资金流水.xlsx")


@require_safe
@door("desk", "ledger.view")
def transfer(request: HttpRequest, actor: Actor, transfer_id: int) -> HttpResponse:
    """One transfer: who, on what authority, by which voucher, its digest, and what belongs to it."""
    found = queries.get_transfer(actor, transfer_id)
    asked = queries.find_reversal(found)
    context = {
        "transfer": found,
        "line": screens.transfer_lines([found])[0],
        "facts": screens.transfer_facts(found, actor),
        "authority": screens.authority_facts(found),
        "ties": screens.tied_lines(found),
        "asked": screens.reversal_facts(asked) if asked is not None else None,
        "steps": screens.reversal_steps(asked, list_next_steps(actor, REVERSAL, asked, {})) if asked else [],
        "may_ask": screens.may_ask(found, asked, actor),
    }
    return render(request, "ledger/transfer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "ledger.receive")
def receive(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write an income with its voucher."""
    form, status = _receive_form(request, actor), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = _receive(actor, form.cleaned_data)
            except Refused as refused:
                status = _take(form, refused)
            else:
                messages.success(request, "收入已登记。")
                return redirect("ledger:transfer", done.pk)
    return render(request, "ledger/receive.html", {"form": form}, status=status)


def _receive_form(request: HttpRequest, actor: Actor) -> ReceiveForm:
    today = timezone.localdate(actor.at)
    return ReceiveForm(
        request.POST or None,
        initial={"union": actor.node_name, "on": today},
        funds=queries.list_funds(today),
        sources=queries.list_sources(today),
        today=today,
    )


def _receive(actor: Actor, clean: dict[str, Any]) -> Any:
    purse = Purse(get_named(actor, clean["union"], "union"), clean["fund"])
    income = Income(clean["quantity"], clean["source"], clean["voucher"], clean["on"], clean["note"])
    return actions.receive(actor, purse, income, key=f"form:{actor.user_id}:{clean['submit_key']}")


def _take(form: Form, refused: Refused) -> int:
    """Put a refusal at the form's fields; the status to answer with."""
    if refused.status in (403, 404):
        raise refused
    return put_refusal(form, refused)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "ledger.reverse")
def reverse_transfer(request: HttpRequest, actor: Actor, transfer_id: int) -> HttpResponse:
    """Ask that an income or a payment be taken back; another person confirms it."""
    found = queries.get_transfer(actor, transfer_id)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.ask_reversal(actor, transfer_id, reason=form.cleaned_data["reason"])
            except Refused as refused:
                status = _take(form, refused)
            else:
                messages.success(request, "冲正已申请，等另一个人确认。")
                return redirect("ledger:transfer", transfer_id)
    context = {"form": form, "line": screens.transfer_lines([found])[0], "label": "申请冲正"}
    return render(request, "ledger/reason.html", context, status=status)


@require_POST
@door("desk", "ledger.confirm")
def confirm(request: HttpRequest, actor: Actor, reversal_id: int) -> HttpResponse:
    """Take it back."""
    done = actions.confirm_reversal(actor, reversal_id)
    messages.success(request, "已冲正。")
    return redirect("ledger:transfer", done.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "ledger.confirm")
def refuse(request: HttpRequest, actor: Actor, reversal_id: int) -> HttpResponse:
    """The transfer stands, with the reason."""
    row = queries.get_reversal(actor, reversal_id)
    form, status = ReasonForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            clean = form.cleaned_data
            try:
                actions.refuse_reversal(actor, reversal_id, reason=clean["reason"], submit_key=clean["submit_key"])
            except Refused as refused:
                status = _take(form, refused)
            else:
                messages.success(request, "没有同意冲正，原来的一笔照旧。")
                return redirect("ledger:transfer", row.transfer_id)
    context = {"form": form, "line": screens.transfer_lines([row.transfer])[0], "label": "不同意冲正"}
    return render(request, "ledger/reason.html", context, status=status)

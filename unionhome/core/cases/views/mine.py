"""A worker's own matters of every kind: the list, one matter, what the worker does with it, with or without an account."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.forms import AppealForm, MaterialForm, RateForm, WithdrawForm
from unionhome.core.cases.models import Case
from unionhome.core.files.views import send
from unionhome.core.registry import Actor, NotFound, Refused, list_panels
from unionhome.kit.forms import Form


@require_GET
@door("my")
def matter_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的事项: the worker's own, what is their turn first."""
    cases = list(queries.list_own_cases(actor)[:200])
    context = {"matters": screens.own_rows(cases, actor.at), "others": _others(actor)}
    return render(request, "cases/matters.html", context)


@require_GET
@door("my")
def matter(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One matter: what next, by when, who; the three clocks; the timeline; the rating."""
    case = queries.get_own_case(actor, case_id)
    return _matter_page(request, actor, case, reverse("cases:own", args=[case_id]))


@require_GET
@door("open")
def matter_by_receipt(request: HttpRequest, actor: Actor, receipt: str) -> HttpResponse:
    """The same by receipt code, without an account."""
    case = queries.get_case_by_receipt(receipt)
    return _matter_page(request, actor, case, reverse("cases:receipt", args=[receipt]), receipt=receipt)


def _matter_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    base_url: str,
    *,
    receipt: str = "",
    status: int = 200,
    rate: RateForm | None = None,
) -> HttpResponse:
    context = screens.own_context(case, actor.at, base_url)
    context |= {
        "rate": rate or RateForm(),
        "base_url": base_url,
        "receipt": receipt,
        "page_url": request.build_absolute_uri(base_url),
        "own_panel": queries.get_panel(actor, case, base_url),
        "panels": list_panels(actor, "cases.own", case),
        "can_keep": bool(receipt) and queries.is_keepable(actor, case),
        "may_sign_in": not actor.is_signed_in and bool(case.phone_index),
        "back_url": reverse("cases:mine") if not receipt else "/",
        **_appeal_context(case, actor.at, is_receipt=bool(receipt)),
    }
    return render(request, "cases/matter.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("my")
def act(request: HttpRequest, actor: Actor, case_id: int, act: str) -> HttpResponse:
    """What the worker does with an own matter: rate, add material, take back."""
    case = queries.get_own_case(actor, case_id)
    return _act(request, actor, case, act, reverse("cases:own", args=[case_id]))


@require_http_methods(["GET", "POST"])
@door("open")
def act_by_receipt(request: HttpRequest, actor: Actor, receipt: str, act: str) -> HttpResponse:
    """The same by receipt code."""
    case = queries.get_case_by_receipt(receipt)
    actor = actor if act == "keep" else queries.get_holder(actor, case)
    return _act(request, actor, case, act, reverse("cases:receipt", args=[receipt]), receipt=receipt)


ACTS: dict[str, tuple[type[Form], str, str]] = {
    "material": (MaterialForm, "补材料", "已补上，经办人能看到了。"),
    "withdraw": (WithdrawForm, "撤回", "已撤回。"),
    "rate": (RateForm, "评价", "谢谢您的评价。"),
    "keep": (Form, "放进我的事项", "已放进“我的事项”，登录后随时能看。"),
    "appeal": (AppealForm, "申诉", "申诉已交上去，这一页就是它的进度。"),
}


def _act(request: HttpRequest, actor: Actor, case: Case, act: str, base_url: str, *, receipt: str = "") -> HttpResponse:
    if act not in ACTS or act not in queries.get_kind(case.kind).own_acts:
        raise NotFound()
    form_class, label, done = ACTS[act]
    if act == "appeal" and request.method == "GET":
        _refuse_appeal(actor, case)
    form = form_class(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            went = _do(actor, case, act, form.cleaned_data)
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, done, extra_tags=f"draft:act-{case.pk}-{label}")
            return redirect(base_url if went is None else _address_of(went, is_receipt=bool(receipt)))
    elif request.method == "POST":
        status = 400
    context = {
        "form": form,
        "label": label,
        "case": case,
        "base_url": base_url,
        "back_url": base_url,
        "is_withdrawal": act == "withdraw",
        "appeal_union": queries.find_appeal_union(case) if act == "appeal" else None,
        "category": queries.get_kind(case.kind).category(case.category).label,
    }
    return render(request, "cases/own_act.html", context, status=status)


def _refuse_appeal(actor: Actor, case: Case) -> None:
    """Say why not before anything is written."""
    refusal = queries.get_appeal_refusal(case, actor.at)
    if refusal is not None:
        raise refusal


def _do(actor: Actor, case: Case, act: str, clean: dict[str, Any]) -> Case | None:
    """The new matter that the act opened, where it opened one."""
    key = clean["submit_key"]
    uploads = tuple(Upload(photo.name, photo.read()) for photo in clean.get("photos", ()))
    if act == "appeal":
        return actions.appeal_case(actor, case, text=clean["text"], uploads=uploads, submit_key=key)[0]
    if act == "rate":
        actions.rate_case(actor, case, rating=clean["rating"], text=clean["text"], submit_key=key)
    elif act == "keep":
        actions.keep_case(actor, case)
    elif act == "withdraw":
        actions.withdraw_case(actor, case, reason=clean["reason"], submit_key=key)
    else:
        actions.add_material(actor, case, text=clean["text"], uploads=uploads, submit_key=key)
    return None


def _address_of(case: Case, *, is_receipt: bool) -> str:
    """The page of a matter for whom this one belongs to; "" where its receipt was shown once and is not kept."""
    if not is_receipt:
        return reverse("cases:own", args=[case.pk])
    return reverse("cases:receipt", args=[actions.receipt_of(case.submit_key)]) if case.submit_key else ""


def _appeal_context(case: Case, at: datetime, *, is_receipt: bool) -> dict[str, Any]:
    """The matter that this one appeals or that appeals it, and whether this one can be appealed."""
    other = screens.find_tied(case)
    return {
        "tied": other,
        "tied_url": _address_of(other, is_receipt=is_receipt) if other else "",
        "is_appeal": case.appeal_of_id is not None,
        "appeal_end": queries.get_appeal_end(case, at) if queries.may_appeal(case, at) else None,
    }


@require_GET
@door("my")
def matter_file(request: HttpRequest, actor: Actor, case_id: int, file_id: int) -> HttpResponse:
    """A file of an own matter."""
    case = queries.get_own_case(actor, case_id)
    return send(request, queries.get_file(case, file_id, public_only=True))


@require_GET
@door("open")
def file_by_receipt(request: HttpRequest, actor: Actor, receipt: str, file_id: int) -> HttpResponse:
    """A file of the matter behind a receipt code."""
    case = queries.get_case_by_receipt(receipt)
    return send(request, queries.get_file(case, file_id, public_only=True))


def own_panel(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """我的事项 on the worker's home."""
    others = _others(actor)
    cases = list(queries.list_own_cases(actor)[:50])
    return "cases/my_panel.html", {
        "rows": screens.own_rows(cases, actor.at)[:3],
        "count": len(cases) + sum(len(context["rows"]) for _, context in others),
        "others": others,
    }


def _others(actor: Actor) -> list[tuple[str, Any]]:
    """What other rooms have under way for the worker, where they have anything."""
    return [(template, context) for template, context in list_panels(actor, "home.matters") if context["rows"]]

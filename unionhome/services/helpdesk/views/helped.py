"""帮代办: the slip for the worker, the helper's phone, and what one helped with oneself."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases.actions import receipt_of
from unionhome.core.cases.queries import get_handled_case, get_masked_phone
from unionhome.core.cases.screens import list_crumb
from unionhome.core.members.rules.codes import Reason
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.services.helpdesk import actions, queries, screens
from unionhome.services.helpdesk.forms import CallerForm

PAGE_ROWS = 20


@require_safe
@door("desk", "helpdesk.register")
def slip(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """回执: the number and the code of the worker's page, large, to print or to photograph. Only for who wrote the need
    down, and only on that day."""
    case = queries.get_registered(actor, case_id)
    path = reverse("cases:receipt", args=[receipt_of(case.submit_key or "")])
    context = {
        "case": case,
        "address": settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path),
        "phone": get_masked_phone(case),
        "may_open": actor.may("cases.view", case.node.path),
    }
    return render(request, "helpdesk/slip.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.unmask")
def helper_phone(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The helper's phone in clear, after a reason."""
    case = get_handled_case(actor, case_id, "cases.unmask")
    context: dict[str, Any] = {"case": case, "reasons": Reason.choices, "phone": "", "error": ""}
    status = 200
    if request.method == "POST":
        try:
            context["phone"] = actions.show_helper_phone(
                actor, case_id, reason=request.POST.get("reason", ""), reason_text=request.POST.get("reason_text", "")
            )
        except BadInput as refused:
            context["error"], status = refused.sentence, refused.status
    return render(request, "helpdesk/helper_phone.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def caller(request: HttpRequest, actor: Actor, case_id: int, person_id: int) -> HttpResponse:
    """Whether who rang is the member with the same number."""
    case = get_handled_case(actor, case_id)
    form, status = CallerForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        is_same, key = clean["answer"] == "yes", clean["submit_key"]
        try:
            actions.check_caller(actor, case_id, person_id, is_same=is_same, how=clean["how"], submit_key=key)
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            done = "已对上会员，本人登录后在“我的事项”里看得到。" if is_same else "已记下，不是这位会员。"
            messages.success(request, done, extra_tags=f"draft:caller-{case.pk}")
            return redirect("cases:case", case.pk)
    elif request.method == "POST":
        status = 400
    member = screens.member_row(case, queries.get_possible_member(actor, case, person_id))
    context = {"case": case, "form": form, "member": member, "crumb": list_crumb(case)}
    return render(request, "helpdesk/caller.html", context, status=status)


def _page(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    page = Paginator(queries.list_helped(actor), PAGE_ROWS).get_page(request.GET.get("page"))
    return {"page": page, "rows": screens.helped_rows(page.object_list)}


@require_safe
@door("desk", "helpdesk.register")
def helped_desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我帮办的, at the desk."""
    return render(request, "helpdesk/helped_desk.html", _page(request, actor))


@require_safe
@door("my")
def helped_mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我帮办的, on the phone."""
    return render(request, "helpdesk/helped_mine.html", _page(request, actor))


def helped_panel(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """我帮办的 on the worker's home, where there is any."""
    return "helpdesk/helped_panel.html", {"count": queries.list_helped(actor).count()}

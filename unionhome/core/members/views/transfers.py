"""The desk's pages of transfers: the list with its counts, one transfer from either side, letting go, asking for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries, screens
from unionhome.core.members.forms import ProposeForm, ReasonForm, SendForm
from unionhome.core.members.views.desk import put_errors
from unionhome.core.members.views.lines import light, next_lines, step_lines
from unionhome.core.members.workflow import TRANSFER
from unionhome.core.registry import Actor, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import deadline_text

PAGE_ROWS = 40
CONFIRM = {
    "release": "同意以后由转入工会答复，会籍在它接收之前还在本工会。确定同意吗？",
    "receive": "接收以后，会籍今天起在本工会。确定接收吗？",
}


@require_safe
@door("desk", "members.view")
def transfer_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Transfers from and to the actor's branches; the counts above are the filters."""
    kind = request.GET.get("show", "waiting")
    page = Paginator(queries.list_transfers(actor, kind), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.list_transfer_rows(actor, page.object_list),
        "counts": screens.transfer_counts(queries.count_transfers(actor), kind),
        "may_propose": actor.may("members.propose"),
        "now": actor.at,
    }
    return render(request, "members/transfers.html", context)


@require_safe
@door("desk", "members.view")
def transfer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One transfer: both sides' steps, and what is the actor's to do."""
    row = queries.get_transfer(actor, pk)
    page = queries.get_transfer_page(actor, row)
    urls = {verb: reverse(f"members:transfer_{verb}", args=[pk]) for verb in ("release", "hold", "receive", "refuse")}
    context = {
        "row": row,
        "page": page,
        "stages": screens.transfer_stages(page, row),
        "steps": step_lines(actor, page.steps),
        "next_steps": next_lines(TRANSFER, page.next_steps, urls, CONFIRM),
        "due_text": "" if page.state.is_end else deadline_text(row.due_at, actor.at),
        "light": light(actor, row.due_at, row.turn_at, is_over=page.state.is_end),
        "submitted_on": timezone.localdate(row.submitted_at),
    }
    return render(request, "members/transfer.html", context)


@require_POST
@door("desk", "members.release")
def release(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The old union lets go."""
    row = actions.release_transfer(actor, pk)
    messages.success(request, f"已同意转出，等{row.to_node.name}接收。")
    return redirect("members:transfer", pk=pk)


@require_POST
@door("desk", "members.receive")
def receive(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The new union takes the member."""
    row = actions.receive_transfer(actor, pk)
    messages.success(request, f"已接收，{row.to_node.name}多了一名会员，本人手机上能看到。")
    return redirect("members:transfer", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.hold")
def hold(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The old union does not let go."""
    return _with_reason(
        request, actor, pk, "hold", actions.hold_transfer, "已答复不同意转出，会籍不变，本人能看到原因。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.refuse")
def refuse(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The new union does not take the member."""
    return _with_reason(
        request, actor, pk, "refuse", actions.refuse_transfer, "已答复不接收，会籍回到原工会，本人能看到原因。"
    )


def _with_reason(
    request: HttpRequest, actor: Actor, pk: int, verb: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    row = queries.get_transfer(actor, pk)
    form, status = ReasonForm(request.POST or None), 200
    form.fields["reason"].help_text = "本人和另一个工会都能看到，请写清楚"
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                act(actor, pk, reason=form.cleaned_data["reason"], submit_key=form.cleaned_data["submit_key"])
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, done)
                return redirect("members:transfer", pk=pk)
    context = {
        "form": form,
        "label": TRANSFER.transition(verb).label,
        "title": queries.get_transfer_page(actor, row).name,
        "back": reverse("members:transfer", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)


def _chosen(form: Any, fitting: list[Node]) -> Node | None:
    chosen = queries.find_chosen_union(form.cleaned_data["union"], form.cleaned_data["code"], fitting)
    if chosen is None:
        form.add_error("union", "请在下面选一个工会" if fitting else "没有找到这个工会，请换几个字")
    return chosen


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.release")
def send(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let a member go to a union found by its public name."""
    person = queries.get_person(actor, pk)
    fitting = queries.list_likely_unions(request.POST.get("union", ""))
    form = SendForm(request.POST or None, unions=[(node.code, node.name) for node in fitting])
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (chosen := _chosen(form, fitting)):
            try:
                row = actions.send_transfer(
                    actor, pk, node=chosen, given=form.given(), submit_key=form.cleaned_data["submit_key"]
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, f"已转出，等{row.to_node.name}接收；接收之前会籍还在本工会。")
                return redirect("members:transfer", pk=row.pk)
    context = {
        "form": form,
        "label": "转到别的工会",
        "title": queries.get_shown_name(actor, person),
        "back": reverse("members:member", args=[pk]),
    }
    return render(request, "members/reason.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.propose")
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for somebody who works here now and is a member of another union."""
    own = queries.find_own_union(actor)
    fitting = queries.list_own_unions(actor, request.POST.get("union", ""))
    form = ProposeForm(
        request.POST or None,
        unions=[(node.code, node.name) for node in fitting],
        initial={"union": own.name if own else ""},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (chosen := _chosen(form, fitting)):
            try:
                row = actions.propose_transfer(
                    actor,
                    actions.Wanted(**form.wanted()),
                    node=chosen,
                    given=form.given(),
                    submit_key=form.cleaned_data["submit_key"],
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, "这个人已在其他工会入会，转接申请已发给原工会，答复会显示在这里。")
                return redirect("members:transfer", pk=row.pk)
    return render(request, "members/propose.html", {"form": form}, status=status)


@require_POST
@door("desk", "members.propose")
def propose_roster(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask for everybody of a roster who is 已在其他工会入会."""
    done = actions.propose_from_roster(actor, pk)
    text = f"已提出转接{done.started}人"
    if done.passed:
        text += f"，{done.passed}人不用提或暂时不能提"
    text += f"，还有{done.left}人，请再点一次。" if done.left else "。"
    messages.success(request, text)
    return redirect("members:roster", pk)

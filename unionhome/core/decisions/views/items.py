"""The desk's pages of items: list, one item, its steps, opinions and materials."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.queries import list_specialists
from unionhome.core.decisions import actions, queries, screens
from unionhome.core.decisions.actions import Draft, Upload
from unionhome.core.decisions.forms import (
    DraftForm,
    ExecutedForm,
    ItemFilter,
    LawyerForm,
    MaterialForm,
    OpinionForm,
    ReasonForm,
)
from unionhome.core.decisions.models import Item, Role
from unionhome.core.decisions.workflow import BY_MEETING, ITEM, PREPARE
from unionhome.core.files.queries import list_files
from unionhome.core.files.views import send
from unionhome.core.papers.queries import list_papers_about
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused, list_panels
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.queries import find_refusal, list_next_steps, list_steps
from unionhome.kit.forms import Form

PAGE_SIZE = 50
SLOT = "decisions.item"
"""Where rooms beneath and above put what was reserved and paid on an item."""


@require_GET
@door("desk", "decisions.view")
def item_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Items of the actor's branches: counts that are filters, the kind, a table."""
    form = ItemFilter(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    phase, kind, text = clean.get("phase", ""), clean.get("kind", ""), clean.get("q", "")
    page = Paginator(queries.list_items(actor, phase=phase, kind=kind, text=text), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": screens.item_rows(page.object_list),
        "counts": screens.phase_counts(queries.count_items(actor, kind), phase, kind),
        "filters": screens.kind_filter(kind, phase),
        "text": text,
        "may_propose": actor.may(PREPARE),
    }
    return render(request, "decisions/list.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.prepare")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring an item in at the own union."""
    if actor.node_id is None:
        raise Refused("您的账号不属于哪个工会，不能提议题。", "no-union")
    node = get_any_node(actor.node_id)
    funds = queries.list_funds(node, timezone.localdate(actor.at))
    form = DraftForm(request.POST or None, request.FILES or None, funds=funds)

    def act(clean: dict[str, Any]) -> Item:
        uploads = uploads_of(clean["papers"])
        return actions.propose_item(actor, node, _draft(clean), materials=uploads, submit_key=clean["submit_key"])

    return _asked(request, form, act, None, "提出议题", "议题已提出，请征求意见，再报上会。")


def _draft(clean: dict[str, Any]) -> Draft:
    names = ("kind", "title", "purpose", "purpose_text", "department", "standard", "fund", "ceiling_fen")
    return Draft(**{name: clean[name] for name in names})


def uploads_of(files: list[Any]) -> list[Upload]:
    """Files as they came."""
    return [Upload(file.name or "", file.read()) for file in files]


@require_GET
@door("desk", "decisions.view")
def item_page(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Facts left, opinions and meetings in the middle, next steps at the right."""
    item = queries.get_item(actor, item_id)
    may_prepare = actor.may(PREPARE, item.node.path)
    opinions = queries.list_opinions(item)
    missing = queries.list_missing(item, opinions, timezone.localdate(actor.at)) if item.state == "prepared" else []
    is_shown = may_prepare or actor.may("decisions.convene", item.node.path)
    steps = list_next_steps(actor, ITEM, item, {"missing": "、".join(missing)}) if is_shown else []
    context = {
        "item": item,
        "state": ITEM.state(item.state),
        "fact_rows": screens.fact_rows(item),
        "decided_rows": screens.decided_rows(item),
        "opinions": screens.opinion_rows(actor, item, opinions, missing),
        "files": screens.file_rows(list_files(item), "decisions:file", item.pk),
        "heard": screens.heard_rows(
            queries.list_lines_of(item), sees_meetings=actor.may("decisions.view", item.node.path)
        ),
        "papers": screens.paper_rows(list_papers_about(item)) if actor.may("papers.view", item.node.path) else [],
        "may_print": actor.may("papers.print", item.node.path) and item.state in ("waiting", "scheduled"),
        "panels": list_panels(actor, SLOT, item),
        "steps": screens.step_rows(item, steps),
        "side": screens.side_rows(item) if may_prepare else [],
        "lines": screens.step_lines(list_steps(item), actor.at),
    }
    return render(request, "decisions/item.html", context)


Act = Callable[[Actor, int, dict[str, Any]], Item]


def _edit(actor: Actor, item_id: int, clean: dict[str, Any]) -> Item:
    return actions.edit_item(actor, item_id, _draft(clean), submit_key=clean["submit_key"])


def _file(actor: Actor, item_id: int, clean: dict[str, Any]) -> Item:
    return actions.add_materials(actor, item_id, uploads_of(clean["papers"]), submit_key=clean["submit_key"])


def _ask(actor: Actor, item_id: int, clean: dict[str, Any]) -> Item:
    return actions.ask_lawyer(actor, item_id, clean["lawyer"], submit_key=clean["submit_key"])


def _with(act: Callable[..., Item], *names: str) -> Act:
    """An act whose words are fields of its form."""

    def take(actor: Actor, item_id: int, clean: dict[str, Any]) -> Item:
        return act(actor, item_id, **{name: clean[name] for name in names}, submit_key=clean["submit_key"])

    return take


STEPS: dict[str, tuple[Act, type[Form], str]] = {
    "edit": (_edit, DraftForm, "议题已改写。"),
    "file": (_file, MaterialForm, "材料已放好。"),
    "ask": (_ask, LawyerForm, "已请律师提意见，律师看得到这个议题了。"),
    "submit": (_with(actions.submit_item), Form, "已报上会，等排进会议。"),
    "take_back": (_with(actions.take_back_item), Form, "已拿回来，改好再报上会。"),
    "execute": (_with(actions.execute_item, "ended_on", "text"), ExecutedForm, "已登记执行完，不再按它付钱。"),
    "withdraw": (_with(actions.withdraw_item, "reason"), ReasonForm, "已停止执行，从现在起不再按它付钱。"),
    "drop": (_with(actions.drop_item, "reason"), ReasonForm, "已写明不上会的原因。"),
}


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.prepare")
def take_step(request: HttpRequest, actor: Actor, item_id: int, act: str) -> HttpResponse:
    """One step of an item, after its words were written."""
    item = queries.get_handled_item(actor, item_id, PREPARE)
    if act not in STEPS or act in BY_MEETING:
        raise NotFound()
    if request.method == "GET":
        _refuse_unfit(actor, item, act)
        if act in screens.PLAIN:
            return redirect("decisions:item", item_id)
    take, form_class, done = STEPS[act]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, **_begun(actor, item, act))
    label = ITEM.notes.get(act) or ITEM.transition(act).label
    return _asked(request, form, lambda clean: take(actor, item_id, clean), item, label, done)


def _refuse_unfit(actor: Actor, item: Item, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once."""
    if verb in ITEM.notes:
        if verb not in screens.list_notes_now(item):
            raise Refused(f"现在的状态是“{ITEM.state(item.state).label}”，不能{ITEM.notes[verb]}。", "wrong-state")
        return
    refusal = find_refusal(actor, ITEM, item, verb, queries.get_item_facts(actor, item))
    if refusal is not None:
        raise refusal


def _begun(actor: Actor, item: Item, verb: str) -> dict[str, Any]:
    """What a form knows already."""
    if verb == "edit":
        names = ("kind", "title", "purpose", "purpose_text", "department", "standard", "fund")
        first = {name: getattr(item, name) for name in names}
        if item.ceiling_fen is not None:
            first["ceiling_fen"] = f"{item.ceiling_fen / 100:.2f}"
        funds = queries.list_funds(item.node, timezone.localdate(actor.at))
        return {"funds": funds, "is_new": False, "initial": first}
    if verb == "ask":
        lawyers = list_specialists(item.node, "decisions.opine_legal", actor.at)
        return {"lawyers": [(str(user.pk), f"{user.name} {user.post}".strip()) for user in lawyers]}
    return {"initial": {"ended_on": timezone.localdate(actor.at)} if verb == "execute" else {}}


@require_http_methods(["GET", "POST"])
@door("desk", "decisions.view")
def opine(request: HttpRequest, actor: Actor, item_id: int, side: str) -> HttpResponse:
    """Give the opinion of finance, the lawyer or audit."""
    item = queries.get_item(actor, item_id)
    if side not in Role.values:
        raise NotFound()
    if not queries.may_opine(actor, item, side):
        raise Forbidden("这方面的意见由财务、法律顾问或者经审的人来提。")
    if request.method == "GET" and item.state not in ("prepared", "waiting"):
        raise Refused(f"现在的状态是“{ITEM.state(item.state).label}”，不能再提意见。", "wrong-state")
    form = OpinionForm(request.POST or None, initial={"given_on": timezone.localdate(actor.at)})

    def act(clean: dict[str, Any]) -> Item:
        words = {name: clean[name] for name in ("stance", "text", "given_on", "submit_key")}
        return actions.give_opinion(actor, item_id, role=side, **words)

    return _asked(request, form, act, item, f"提{Role(side).label}", "意见已记下。")


@require_POST
@door("desk", "decisions.prepare")
def issue_sheet(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Make the sheet of the item, and go to it."""
    return redirect("papers:paper", actions.issue_item_sheet(actor, item_id).pk)


@require_GET
@door("desk", "decisions.view")
def material(request: HttpRequest, actor: Actor, item_id: int, file_id: int) -> HttpResponse:
    """One material of an item."""
    return send(request, queries.get_material(queries.get_item(actor, item_id), file_id))


def _asked(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Item],
    item: Item | None,
    label: str,
    done: str,
) -> HttpResponse:
    """Show a form, or send it; a refusal stands at its field and nothing typed is lost."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("decisions:item", made.pk)
    elif request.method == "POST":
        status = 400
    back = reverse("decisions:item", args=[item.pk]) if item is not None else reverse("decisions:list")
    context = {"form": form, "item": item, "label": label, "back_url": back}
    return render(request, "decisions/step.html", context, status=status)

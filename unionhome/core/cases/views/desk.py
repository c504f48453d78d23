"""Desk pages of cases: the list, the page of one case, and its steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.queries import list_coming
from unionhome.core.cases import actions, queries, screens, sheets
from unionhome.core.cases.actions import Upload
from unionhome.core.cases.clocks import list_lights
from unionhome.core.cases.forms import (
    AssignForm,
    CaseFilter,
    CheckForm,
    FollowForm,
    OutcomeForm,
    ReasonForm,
    ReferForm,
    StampForm,
    WriteForm,
)
from unionhome.core.cases.models import Case, ReplyTemplate
from unionhome.core.cases.rules import CLOCK_LABELS
from unionhome.core.files.views import send
from unionhome.core.members.rules.codes import Reason
from unionhome.core.registry import Actor, BadInput, NotFound, Refused, list_panels
from unionhome.core.workflow.queries import find_place, find_refusal, list_next_steps
from unionhome.kit.forms import Form

PAGE_SIZE = 50


@require_GET
@door("desk", "cases.view")
def case_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases of the actor's branches: counts that are filters, a filter bar, a table."""
    chosen = _filter(request)
    _stand_under(request, chosen["kind"])
    page = Paginator(queries.list_cases(actor, **chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": screens.list_rows(list(page.object_list), actor.at),
        "counts": screens.phase_counts(queries.count_cases(actor, chosen["kind"]), chosen["phase"], chosen["kind"]),
        "filters": screens.filters(request.GET, chosen["kind"], chosen["category"], chosen["origin"]),
        "title": screens.list_title(chosen["kind"]),
        "empty_title": f"这里还没有{screens.list_title(chosen['kind'])}",
        "text": chosen["text"],
        "found_note": f"查找“{chosen['text']}”" if chosen["text"] else "",
        "export_url": f"{reverse('cases:export')}?{request.GET.urlencode()}",
    }
    return render(request, "cases/list.html", context)


def _stand_under(request: HttpRequest, kind: str) -> None:
    """The frame shows the entry of the navigation that leads to this kind."""
    request.nav_entry = queries.get_nav(kind)  # type: ignore[attr-defined]


def _filter(request: HttpRequest) -> dict[str, str]:
    form = CaseFilter(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    return {
        "text": clean.get("q", ""),
        **{name: clean.get(name, "") for name in ("phase", "category", "kind", "origin")},
    }


@require_GET
@door("desk", "cases.view")
def case_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    data = sheets.case_workbook(queries.list_cases(actor, **_filter(request)))
    answer = HttpResponse(data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E8%AF%89%E6%B1%82.xlsx"
    return answer


@require_GET
@door("desk", "cases.view")
def case_page(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Facts left, timeline in the middle, clocks and next steps at the right."""
    return _page(request, actor, queries.get_case(actor, case_id))


def _page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    *,
    write: WriteForm | None = None,
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    _stand_under(request, case.kind)
    kind = queries.get_kind(case.kind)
    facts = actions.guard_facts(actor, case)
    entries = queries.list_timeline(case, public_only=False, reader=actor)
    lights = list_lights(case, actor.at)
    is_quiet = bool(facts.get("is_quiet"))
    can_act = queries.is_handled(actor, case)
    offered = queries.list_offered(case) if can_act else []
    chosen = _chosen(request, offered)
    if chosen and write is None:
        write = WriteForm(initial={"text": screens.filled_text(actor, case, chosen), "visible": "worker"})
    context = {
        "case": case,
        "list_crumb": screens.list_crumb(case),
        "state": kind.table.state(case.state),
        "category": kind.category(case.category),
        "applicant_rows": screens.applicant_rows(case, phone),
        "matter_rows": screens.matter_rows(case, kind.category(case.category).label, is_quiet=is_quiet),
        "handling_rows": [*screens.handling_rows(case, actor.at), *screens.term_rows(actor, case)],
        "entries": screens.timeline_rows(
            entries,
            actor.at,
            reverse("cases:case", args=[case.pk]),
            may_unseal=any(entry.is_shut for entry in entries) and queries.is_handled(actor, case, "cases.unseal"),
        ),
        "entry_count": len(entries),
        "place": find_place(actor, case),
        "nothing": screens.nothing_to_do(case, kind.table.state(case.state), actor.at, can_act=can_act),
        "lights": lights,
        "group_text": screens.group_text(
            case, kind.category(case.category), kind.table.state(case.state), lights, is_quiet=is_quiet
        ),
        "own_panel": queries.get_panel(actor, case, reverse("cases:case", args=[case.pk])),
        "can_act": can_act,
        "steps": [
            *screens.step_rows(case, kind, list_next_steps(actor, kind.table, case, facts), lights),
            *screens.hand_over_rows(actor, case, kind),
        ]
        if can_act
        else [],
        "handovers": screens.handover_rows(queries.list_handovers(case), actor.at, can_act=can_act),
        "write": write or WriteForm(),
        "checks": screens.check_rows(queries.list_checks(case), actor.at),
        "may_check": can_act and case.proposed_at is None and not kind.table.state(case.state).is_end,
        "offered": screens.offered_rows(offered, chosen.pk if chosen else 0),
        "is_chosen": chosen is not None,
        "phone": phone,
        "unmask_reasons": Reason.choices,
        "may_unmask": bool(case.phone_sealed) and queries.is_handled(actor, case, "cases.unmask"),
        "together": screens.together(actor, case, can_act=can_act),
        "tied": screens.desk_tied(actor, case),
        "panels": list_panels(actor, "cases.case", case),
    }
    return render(request, "cases/case.html", context, status=status)


@require_POST
@door("desk", "cases.handle")
def check(request: HttpRequest, actor: Actor, case_id: int, code: str) -> HttpResponse:
    """Tick a point of the checklist, or take the tick back."""
    actions.tick_point(actor, case_id, code, is_done=request.POST.get("done") == "1")
    return redirect(f"{reverse('cases:case', args=[case_id])}#checks")


def _chosen(request: HttpRequest, offered: list[ReplyTemplate]) -> ReplyTemplate | None:
    """The template that the address names, of those offered."""
    asked = request.GET.get("reply", "")
    return next((each for each in offered if str(each.pk) == asked), None)


WRITING: dict[str, tuple[Callable[..., Case], str]] = {
    "worker": (actions.reply_to_applicant, "已答复本人。"),
    "union": (actions.add_note, "已记下，只有工会内部能看到。"),
    "sealed": (partial(actions.add_note, is_sealed=True), "已密封，同事只看得到有这一条。"),
}


@require_POST
@door("desk", "cases.handle")
def write(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """A reply to the applicant, or a note for colleagues."""
    form = WriteForm(request.POST)
    case = queries.get_handled_case(actor, case_id)
    if not form.is_valid():
        return _page(request, actor, case, write=form, status=400)
    clean = form.cleaned_data
    act, done = WRITING[clean["visible"]]
    act(actor, case_id, text=clean["text"], submit_key=clean["submit_key"])
    messages.success(request, done, extra_tags=f"draft:case-{case_id}")
    return redirect("cases:case", case_id)


PLAIN_STEPS: dict[str, tuple[Callable[..., Case], str]] = {
    "accept": (actions.accept_case, "已受理，职工的手机页已经更新。"),
    "resume": (actions.resume_case, "继续办理，时限接着算。"),
}
WORDED_STEPS: dict[str, tuple[Callable[..., Case], type[Form], str, str]] = {
    "pause": (actions.pause_case, ReasonForm, "reason", "时限已暂停，职工能看到原因。"),
    "part": (actions.part_case, ReasonForm, "reason", "已移出，单独办理。"),
    "decline": (actions.decline_case, ReasonForm, "reason", "已退给转来的工会。"),
    "send_back": (actions.send_back, ReasonForm, "reason", "已退回，您还可以看到进展。"),
    "check": (actions.check_case, CheckForm, "text", "抽查合格，已办结。"),
    "fail": (actions.fail_check, ReasonForm, "reason", "已退回经办人接着办。"),
    "propose": (actions.propose_outcome, OutcomeForm, "text", "已请职工评价。"),
}


def refuse_unfit(request: HttpRequest, actor: Actor, case: Case, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once. What is sent is judged by the
    act itself."""
    table = queries.get_kind(case.kind).table
    if request.method == "GET" and verb in table.by_verb:
        refusal = find_refusal(actor, table, case, verb, actions.guard_facts(actor, case))
        if refusal is not None:
            raise refusal


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def take_step(request: HttpRequest, actor: Actor, case_id: int, verb: str) -> HttpResponse:
    """One transition of the table: at once, or after its words were written."""
    find = (
        queries.get_case if verb in ("decline", "send_back") and request.method == "POST" else queries.get_handled_case
    )
    case = find(actor, case_id)
    kind = queries.get_kind(case.kind)
    if kind.step_url or verb not in kind.table.by_verb:
        raise NotFound()
    if verb in PLAIN_STEPS:
        if request.method != "POST":
            return redirect("cases:case", case_id)
        form = Form(request.POST)
        form.is_valid()
        act, done = PLAIN_STEPS[verb]
        act(actor, case_id, submit_key=form.cleaned_data.get("submit_key", ""))
        messages.success(request, done)
        return redirect("cases:case", case_id)
    if verb not in WORDED_STEPS:
        raise NotFound()
    refuse_unfit(request, actor, case, verb)
    act, form_class, name, done = WORDED_STEPS[verb]
    label = kind.table.transition(verb).label

    def send(clean: dict[str, Any]) -> None:
        act(actor, case_id, submit_key=clean["submit_key"], **{name: clean[name]})

    return worded(request, case, form_class(request.POST or None), label, done, send)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def stamp(request: HttpRequest, actor: Actor, case_id: int, clock: str) -> HttpResponse:
    """Record that the union arrived, helped or took a measure."""
    case = queries.get_handled_case(actor, case_id)
    if clock not in queries.get_kind(case.kind).clocks:
        raise NotFound()
    form = StampForm(request.POST or None, request.FILES or None)

    def send(clean: dict[str, Any]) -> None:
        uploads = tuple(Upload(photo.name, photo.read()) for photo in clean["photos"])
        actions.stamp_clock(actor, case_id, clock, text=clean["text"], uploads=uploads, submit_key=clean["submit_key"])

    label = f"记录{CLOCK_LABELS[clock]}"
    return worded(request, case, form, label, f"{CLOCK_LABELS[clock]}已记下，职工的手机页已经更新。", send)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.refer")
def refer(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Send the case to another union."""
    find = queries.get_case if request.method == "POST" else queries.get_handled_case
    case = find(actor, case_id)
    refuse_unfit(request, actor, case, "refer")
    form = ReferForm(request.POST or None, unions=queries.list_referral_choices(case))

    def send(clean: dict[str, Any]) -> None:
        node = queries.get_referral_node(case, int(clean["node"]))
        actions.refer_case(actor, case_id, node=node, reason=clean["reason"], submit_key=clean["submit_key"])

    return worded(request, case, form, "转办", "已转办，您可以继续跟踪。", send, back="cases:list")


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def follow(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Put the case under a like one, by its number."""
    case = queries.get_handled_case(actor, case_id)
    refuse_unfit(request, actor, case, "follow")
    form = FollowForm(request.POST or None, initial={"number": request.GET.get("number", "")})

    def send(clean: dict[str, Any]) -> None:
        leader = queries.find_case_by_number(actor, clean["number"])
        if leader is None:
            sentence = "没有这个编号，或者不归您看。"
            raise BadInput(sentence, "no-such-number", fields={"number": sentence})
        actions.follow_case(
            actor, case_id, leader_id=leader.pk, is_confirmed=clean["is_same"], submit_key=clean["submit_key"]
        )

    return worded(request, case, form, "并到另一件", "已并到一起办。每一位职工都要联系到。", send)


@require_POST
@door("desk", "cases.handle")
def reached(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The worker of a matter that follows another was rung: one tap on the leader's page, and back to it."""
    form = Form(request.POST)
    form.is_valid()
    key = form.cleaned_data.get("submit_key", "")
    case = actions.stamp_clock(actor, case_id, "arrive", text="打电话联系上了本人。", submit_key=key)
    messages.success(request, f"{case.number}已记下首次到场。")
    return redirect("cases:case", case.leader_id or case.pk)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def assign(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Name the handler and the stand-in."""
    case = queries.get_handled_case(actor, case_id)
    people = queries.list_assignable(case, actor.at)
    form = AssignForm(
        request.POST or None,
        people=[(str(user.pk), f"{user.name}（{user.post}）") for user in people],
        away=list_coming(people, actor.at),
        initial={"handler": case.handler_id or "", "stand_in": case.stand_in_id or ""},
    )
    by_id = {str(user.pk): user for user in people}

    def send(clean: dict[str, Any]) -> None:
        actions.assign_case(
            actor,
            case_id,
            handler=by_id.get(clean["handler"]),
            stand_in=by_id.get(clean["stand_in"]),
            submit_key=clean["submit_key"],
        )

    return worded(request, case, form, "指派经办人", "已指派。", send)


def worded(
    request: HttpRequest,
    case: Case,
    form: Form,
    label: str,
    done: str,
    send: Callable[[dict[str, Any]], None],
    back: str = "cases:case",
) -> HttpResponse:
    """Show a small form, or send it; a refusal stands at its field and nothing typed is lost."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            send(form.cleaned_data)
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, done, extra_tags=f"draft:case-{case.pk}-{label}")
            return redirect(back, case.pk) if back == "cases:case" else redirect(back)
    elif request.method == "POST":
        status = 400
    _stand_under(request, case.kind)
    context = {
        "case": case,
        "form": form,
        "label": label,
        "body": queries.get_body(case),
        "list_crumb": screens.list_crumb(case),
    }
    return render(request, "cases/step.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("desk", "cases.unmask")
def phone(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The applicant's phone in clear for a minute; the person can see that it was shown."""
    case = queries.get_case(actor, case_id)
    if request.method != "POST":
        return redirect("cases:case", case.pk)
    number = actions.show_phone(
        actor, case_id, reason=request.POST.get("reason", ""), reason_text=request.POST.get("reason_text", "")
    )
    return _page(request, actor, case, phone=number)


@require_GET
@door("desk", "cases.view")
def case_file(request: HttpRequest, actor: Actor, case_id: int, file_id: int) -> HttpResponse:
    """A photo or voice file of the timeline, without its EXIF."""
    return send(request, actions.read_file(actor, case_id, file_id))

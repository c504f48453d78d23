"""The desk's pages of deeds: list, unions, one deed, its steps, and the way in from a need."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases.queries import find_case_by_number, get_body, get_handled_case
from unionhome.core.files.views import send
from unionhome.core.organizations.queries import get_named
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.queries import find_refusal, list_next_steps, list_steps
from unionhome.kit.forms import Form
from unionhome.services.deeds import actions, queries, screens, sheets
from unionhome.services.deeds.actions import Done, Listing, Proof, Proposal
from unionhome.services.deeds.forms import (
    CheckForm,
    ChooseForm,
    DeedFilter,
    EvidenceForm,
    FinishForm,
    ListForm,
    NeedsForm,
    ProposeForm,
    PublishForm,
    ReasonForm,
    TakeForm,
)
from unionhome.services.deeds.models import Deed, Stage
from unionhome.services.deeds.workflow import TABLE

PAGE_SIZE = 50


@require_GET
@door("desk", "deeds.view")
def deed_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Deeds of the actor's branches: counts that are filters, the year, a table."""
    chosen = _chosen(request)
    phase, year = chosen["phase"], chosen["year"]
    found = queries.list_deeds(actor, **chosen)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": screens.list_rows(page.object_list, actor.at),
        "counts": screens.phase_counts(queries.count_deeds(actor, year), phase, year),
        "filters": screens.year_filter(queries.list_years(actor), year, phase),
        "may_propose": actor.may("deeds.handle"),
        "export_url": f"{reverse('deeds:export')}?{request.GET.urlencode()}",
    }
    return render(request, "deeds/list.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    form = DeedFilter(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    return {"phase": clean.get("phase", ""), "year": clean.get("year"), "text": clean.get("q", "")}


@require_GET
@door("desk", "deeds.view")
def deed_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    data = sheets.deed_workbook(queries.list_deeds(actor, **_chosen(request)), actor.at)
    answer = HttpResponse(data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = content_disposition_header(True, "办实事.xlsx") or "attachment"
    return answer


@require_GET
@door("desk", "deeds.view")
def unions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Union by union: listed, being done, done, late, for a year."""
    form = DeedFilter(request.GET)
    years = queries.list_years(actor)
    asked = form.cleaned_data.get("year") if form.is_valid() else None
    year = asked or (years[0] if years else timezone.localdate(actor.at).year)
    page = Paginator(queries.list_unions(actor, year), PAGE_SIZE).get_page(request.GET.get("page"))
    options = [{"label": f"{each}年", "url": f"?year={each}", "active": each == year} for each in years]
    bar = {"label": "哪一年", "value": f"{year}年", "active": False, "clear_url": "?", "options": options}
    return render(request, "deeds/unions.html", {"page": page, "year": year, "filters": [bar]})


@require_http_methods(["GET", "POST"])
@door("desk", "deeds.handle")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Propose a deed at the own union."""
    first = {"numbers": request.GET.get("need", ""), "origin": "needs" if request.GET.get("need") else None}
    form = ProposeForm(request.POST or None, request.FILES or None, initial=first)

    def act(clean: dict[str, Any]) -> Deed:
        if actor.node_id is None:
            raise Refused("您的账号不属于哪个工会，不能提出实事。", "no-union")
        return actions.propose_deed(
            actor,
            get_any_node(actor.node_id),
            _proposal(clean),
            proofs=_proofs(clean, photos=Stage.BEFORE),
            case_ids=_cases_of(actor, clean["numbers"]),
            submit_key=clean["submit_key"],
        )

    return _asked(request, form, act, None, "提出实事", "已提出，请决定列不列入清单。")


def _proposal(clean: dict[str, Any]) -> Proposal:
    return Proposal(clean["title"], clean["wanted"], clean["origin"], clean["people_count"], clean["place_text"])


def _proofs(clean: dict[str, Any], **stages: str) -> tuple[Proof, ...]:
    """The files of a form: which field shows which stage."""
    return tuple(Proof(file.name, file.read(), stage) for name, stage in stages.items() for file in clean[name])


def _cases_of(actor: Actor, numbers: list[str]) -> list[int]:
    """The cases of those numbers. Raises BadInput at the field for one that is not there for the actor."""
    ids = []
    for number in numbers[:200]:
        case = find_case_by_number(actor, number)
        if case is None:
            sentence = f"没有编号 {number[:24]}，或者不归您看。"
            raise BadInput(sentence, "no-such-number", fields={"numbers": sentence})
        ids.append(case.pk)
    return ids


@require_GET
@door("desk", "deeds.view")
def deed_page(request: HttpRequest, actor: Actor, deed_id: int) -> HttpResponse:
    """Facts left, needs and evidence in the middle, next steps at the right."""
    deed = queries.get_deed(actor, deed_id)
    can_act = actor.may("deeds.handle", deed.node.path)
    steps = list_next_steps(actor, TABLE, deed, queries.get_facts(actor, deed)) if can_act else []
    needs = queries.list_needs(actor, deed)
    context = {
        "deed": deed,
        "state": TABLE.state(deed.state),
        "fact_rows": screens.fact_rows(deed, actor.at),
        "result_rows": screens.result_rows(deed),
        "evidence": screens.evidence(deed, "deeds:file"),
        "needs": screens.need_rows(needs, deed, can_act=can_act),
        "need_count": queries.count_needs(deed),
        "scores": screens.score_rows(queries.count_ratings(deed)),
        "words": queries.list_words(deed),
        "steps": screens.step_rows(deed, steps),
        "side": screens.side_rows(deed) if can_act else [],
        "lines": screens.step_lines(list_steps(deed), actor.at),
    }
    return render(request, "deeds/deed.html", context)


Act = Callable[[Actor, int, dict[str, Any]], Deed]


def _list(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
    given = Listing(
        owner=get_any_node(int(clean["owner"])),
        year=clean["year"],
        listed_on=clean["listed_on"],
        node=get_named(actor, clean["union"], "union"),
        is_open=clean["is_open"],
    )
    return actions.list_deed(actor, deed_id, given, submit_key=clean["submit_key"])


def _finish(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
    given = Done(
        on=clean["done_on"],
        text=clean["text"],
        people_count=clean["people_count"],
        cost_fen=clean["cost_fen"],
        cost_source=clean["cost_source"],
        times=clean["times"],
        people_kind=clean["people_kind"],
    )
    proofs = _proofs(clean, photos=Stage.AFTER, papers=Stage.PAPER)
    return actions.finish_deed(actor, deed_id, given, proofs=proofs, submit_key=clean["submit_key"])


def _add(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
    proofs = _proofs(clean, before=Stage.BEFORE, photos=Stage.AFTER, papers=Stage.PAPER)
    return actions.add_evidence(actor, deed_id, proofs, submit_key=clean["submit_key"])


def _edit(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
    return actions.edit_deed(actor, deed_id, _proposal(clean), submit_key=clean["submit_key"])


def _tie(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
    return actions.tie_needs(actor, deed_id, _cases_of(actor, clean["numbers"]))


def _with(act: Callable[..., Deed], *names: str) -> Act:
    """An act whose words are fields of its form."""

    def take(actor: Actor, deed_id: int, clean: dict[str, Any]) -> Deed:
        return act(actor, deed_id, **{name: clean[name] for name in names}, submit_key=clean["submit_key"])

    return take


STEPS: dict[str, tuple[Act, type[Form], str]] = {
    "list": (_list, ListForm, "已列入清单，等认领。"),
    "take": (_with(actions.take_deed, "taken_on", "due_on"), TakeForm, "已认领，在答应的日子以前办成。"),
    "finish": (_finish, FinishForm, "已交凭证，请上一级工会的另一个人核验。"),
    "check": (_with(actions.check_deed, "text"), CheckForm, "核验合格，可以销号。"),
    "send_back": (_with(actions.send_back_deed, "reason"), ReasonForm, "已退回，请接着办。"),
    "strike_off": (_with(actions.strike_off_deed), Form, "已销号，记进了服务台账，请职工评价。"),
    "publish": (_with(actions.publish_deed, "shows_nobody"), PublishForm, "已公布，谁都能看到。"),
    "keep": (_with(actions.keep_deed, "reason"), ReasonForm, "办完了，结果不公布。"),
    "drop": (_with(actions.drop_deed, "reason"), ReasonForm, "已写明不办的原因。"),
    "edit": (_edit, ProposeForm, "已改写。"),
    "evidence": (_add, EvidenceForm, "照片和凭据已放好。"),
    "tie": (_tie, NeedsForm, "诉求已放进这件实事，职工在自己的手机页上看得到。"),
}


@require_http_methods(["GET", "POST"])
@door("desk", "deeds.handle")
def take_step(request: HttpRequest, actor: Actor, deed_id: int, verb: str) -> HttpResponse:
    """One step of a deed, after its words were written."""
    deed = queries.get_handled_deed(actor, deed_id)
    if verb not in STEPS:
        raise NotFound()
    if request.method == "GET":
        _refuse_unfit(actor, deed, verb)
    if request.method == "GET" and verb in screens.PLAIN:
        return redirect("deeds:deed", deed_id)
    act, form_class, done = STEPS[verb]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, **_begun(actor, deed, verb))
    label = TABLE.notes.get(verb) or TABLE.transition(verb).label
    return _asked(request, form, lambda clean: act(actor, deed_id, clean), deed, label, done)


def _refuse_unfit(actor: Actor, deed: Deed, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once."""
    if verb in TABLE.notes:
        if verb not in screens.list_notes_now(deed):
            label = TABLE.state(deed.state).label
            raise Refused(f"现在的状态是“{label}”，不能{TABLE.notes[verb]}。", "wrong-state")
        return
    refusal = find_refusal(actor, TABLE, deed, verb, queries.get_facts(actor, deed))
    if refusal is not None:
        raise refusal


def _begun(actor: Actor, deed: Deed, verb: str) -> dict[str, Any]:
    """What a form knows already."""
    today = timezone.localdate(actor.at)
    if verb == "list":
        owners = [(str(node.pk), node.name) for node in queries.list_owners(actor, deed)]
        first = {"owner": str(actor.node_id), "year": today.year, "listed_on": today, "union": deed.node.name}
        return {"owners": owners, "initial": first}
    if verb == "edit":
        names = ("title", "wanted", "origin", "place_text")
        facts = {name: getattr(deed, name) for name in names} | {"people_count": deed.expected_people_count}
        return {"is_new": False, "initial": facts}
    first = {"take": {"taken_on": today}, "finish": {"done_on": today, "people_count": deed.expected_people_count}}
    return {"initial": first.get(verb, {})}


def _asked(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Deed],
    deed: Deed | None,
    label: str,
    done: str,
    **more: Any,
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
            draft = f"draft:deed-{deed.pk if deed else 'new'}-{label}"
            messages.success(request, done, extra_tags=draft)
            return redirect("deeds:deed", made.pk)
    elif request.method == "POST":
        status = 400
    shown = screens.evidence(deed, "deeds:file") if deed is not None and isinstance(form, PublishForm) else None
    back = reverse("deeds:deed", args=[deed.pk]) if deed is not None else reverse("deeds:list")
    context = {"form": form, "deed": deed, "label": label, "back_url": back, "evidence": shown, **more}
    return render(request, "deeds/step.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("desk", "deeds.handle")
def from_case(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Put a need under one of the deeds that are not done yet."""
    case = get_handled_case(actor, case_id)
    deeds = [(str(deed.pk), f"{deed.number} {deed.title}") for deed in queries.list_ready(actor)]
    form = ChooseForm(request.POST or None, deeds=deeds)
    done = "诉求已放进这件实事，职工在自己的手机页上看得到。"

    def act(clean: dict[str, Any]) -> Deed:
        return actions.tie_needs(actor, int(clean["deed"]), [case.pk])

    new_url = f"{reverse('deeds:new')}?need={case.number}"
    return _asked(request, form, act, None, "放进办实事清单", done, case=case, body=get_body(case), new_url=new_url)


@require_POST
@door("desk", "deeds.handle")
def untie(request: HttpRequest, actor: Actor, deed_id: int, case_id: int) -> HttpResponse:
    """Take a need out of a deed again."""
    actions.untie_need(actor, deed_id, case_id)
    messages.success(request, "已移出，这件诉求单独办。")
    return redirect("deeds:deed", deed_id)


@require_GET
@door("desk", "deeds.view")
def deed_file(request: HttpRequest, actor: Actor, deed_id: int, file_id: int) -> HttpResponse:
    """A picture without its EXIF, or a paper."""
    return send(request, queries.get_file(queries.get_deed(actor, deed_id), file_id))

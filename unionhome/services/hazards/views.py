"""Pages of hazards: reporting one, following another report, and the union's steps."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access.doors import address_of, door, put_refusal
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.actions import Upload, guard_facts
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_body, get_handled_case, get_holder, list_town_choices
from unionhome.core.organizations.queries import find_division, find_employer_by_name
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.workflow.queries import find_refusal
from unionhome.kit.forms import Form
from unionhome.services.hazards import actions, queries, screens
from unionhome.services.hazards.forms import (
    AnswerForm,
    DismissForm,
    GradeForm,
    HandOverForm,
    MergeForm,
    PlanForm,
    ReportForm,
    ReturnForm,
    SendForm,
    ServicesForm,
    UrgeForm,
    WordsForm,
)
from unionhome.services.hazards.models import HazardDetail
from unionhome.services.hazards.workflow import KIND, TABLE

# -- whoever sees one --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@door("open")
def report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """隐患随手拍: a photograph, a place, a few words; no account is needed."""
    form = ReportForm(
        request.POST or None, request.FILES or None, towns=list_town_choices(), ask_phone=not find_own_phone(actor)
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            case, receipt = actions.report_hazard(actor, _report(form.cleaned_data), address=address_of(request))
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, f"已报给{case.node.name}，编号{case.number}。", extra_tags="draft:hazard")
            is_own = actor.door == "my" and not form.cleaned_data["anonymous"]
            return redirect("cases:own", case.pk) if is_own else redirect("cases:receipt", receipt)
    elif request.method == "POST":
        status = 400
    back_url = reverse("home:my") if actor.door == "my" else reverse("home:landing")
    return render(request, "hazards/report.html", {"form": form, "back_url": back_url}, status=status)


def _report(clean: dict[str, Any]) -> actions.Report:
    return actions.Report(
        category=clean["category"],
        text=clean["text"],
        uploads=_uploads(clean),
        division=find_division(clean["town"]) if clean["town"] else None,
        place_text=clean["place_text"],
        point=clean["point"],
        employer=find_employer_by_name(clean["employer_text"]),
        employer_text=clean["employer_text"],
        hide_from_employer=clean["hide"],
        is_anonymous=clean["anonymous"],
        phone=clean.get("phone", ""),
        submit_key=clean["submit_key"],
    )


def _uploads(clean: dict[str, Any]) -> tuple[Upload, ...]:
    return tuple(Upload(photo.name, photo.read()) for photo in clean["photos"])


@require_POST
@door("my")
def follow(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """It is the hazard that another has reported: the own report follows that one."""
    case = queries.get_own_hazard(actor, case_id)
    return _follow(request, actor, case, reverse("cases:own", args=[case_id]))


@require_POST
@door("open")
def follow_by_receipt(request: HttpRequest, actor: Actor, receipt: str) -> HttpResponse:
    """The same by receipt code."""
    case = queries.get_hazard_by_receipt(receipt)
    return _follow(request, get_holder(actor, case), case, reverse("cases:receipt", args=[receipt]))


def _follow(request: HttpRequest, actor: Actor, case: Case, url: str) -> HttpResponse:
    leader = request.POST.get("leader", "")
    if not (leader.isascii() and leader.isdigit()) or len(leader) > 18:
        raise NotFound()
    actions.follow_hazard(actor, case, int(leader))
    messages.success(request, "谢谢您，已经跟着那一件一起办，进度在这一页看。")
    return redirect(url)


# -- the union -----------------------------------------------------------------------------------------------------------


@require_GET
@door("desk", "cases.view")
def hazard_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hazards are listed among the cases."""
    return redirect(f"{reverse('cases:list')}?kind={KIND}")


PLAIN: dict[str, tuple[Callable[..., Case], str]] = {
    "check": (actions.check_hazard, "已核实，请定级。"),
    "resend": (actions.resend_hazard, "已重新排队，几十秒以内送出。"),
    "evacuate": (actions.propose_evacuation, "已记下：提请单位先把人撤出来。请马上打电话。"),
}


def _plan(actor: Actor, case_id: int, *, submit_key: str = "", **words: str) -> Case:
    return actions.write_plan(actor, case_id, actions.Plan(**words), submit_key=submit_key)


def _answer(actor: Actor, case_id: int, *, submit_key: str, text: str, photos: list[Any]) -> Case:
    uploads = _uploads({"photos": photos})
    return actions.answer_hazard(actor, case_id, text=text, uploads=uploads, submit_key=submit_key)


WORDED: dict[str, tuple[Callable[..., Case], type[Form], str]] = {
    "dismiss": (actions.dismiss_hazard, DismissForm, "已答复：不是隐患。"),
    "merge": (actions.merge_hazard, MergeForm, "已并在一起办。"),
    "grade": (actions.grade_hazard, GradeForm, "已定级。"),
    "send": (actions.send_hazard, SendForm, "已记下。整改建议书请自己写好、盖章，送到单位。"),
    "plan": (_plan, PlanForm, "五落实已记下。"),
    "answer": (_answer, AnswerForm, "已记下，请另一个人到现场复查。"),
    "strike_off": (actions.strike_off_hazard, WordsForm, "已销号。"),
    "send_back": (actions.send_back_hazard, ReturnForm, "已退回，请单位再改。"),
    "urge": (actions.urge_hazard, UrgeForm, "已督办。"),
    "refuse": (actions.note_refusal, WordsForm, "已记下，可以移交主管部门。"),
    "hand_over": (actions.hand_over_hazard, HandOverForm, "已移交。"),
}


@require_http_methods(["GET", "POST"])
@door("desk", "cases.handle")
def take(request: HttpRequest, actor: Actor, case_id: int, verb: str) -> HttpResponse:
    """One step of a hazard: at once, or after its words were written."""
    case = get_handled_case(actor, case_id)
    detail = queries.get_detail(case)
    if verb in PLAIN:
        if request.method == "POST":
            act, done = PLAIN[verb]
            act(actor, case_id)
            messages.success(request, done)
        return redirect("cases:case", case_id)
    if verb not in WORDED:
        raise NotFound()
    if request.method == "GET":
        _refuse_unfit(actor, detail, verb)
    act, form_class, done = WORDED[verb]
    form = form_class(request.POST or None, request.FILES or None, initial=_initial(request, actor, detail, verb))
    return _worded(request, actor, case, form, verb, lambda clean: act(actor, case_id, **clean), done)


def _refuse_unfit(actor: Actor, detail: HazardDetail, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once."""
    if verb in TABLE.notes:
        if verb not in screens.list_notes_now(detail):
            label = TABLE.state(detail.case.state).label
            raise Refused(f"现在的状态是“{label}”，不能{TABLE.notes[verb]}。", "wrong-state")
        return
    refusal = find_refusal(actor, TABLE, detail.case, verb, guard_facts(actor, detail.case))
    if refusal is not None:
        raise refusal


def _initial(request: HttpRequest, actor: Actor, detail: HazardDetail, verb: str) -> dict[str, Any]:
    """What the form knows already."""
    today, node = timezone.localdate(actor.at), detail.case.node
    if verb == "merge":
        return {"number": request.GET.get("number", "")}
    if verb == "plan":
        return {name: getattr(detail, name) for _, name in screens.PLAN}
    if verb in ("send", "send_back", "urge"):
        days = get_value(f"hazards.{detail.grade or 'general'}_days", today, node)
        return {"due_on": today + timedelta(days=days), "employer_text": detail.case.employer_text}
    return {}


def _hint(actor: Actor, case: Case, form: Form, verb: str) -> None:
    """The policy's words stand under the grades; the interface is offered where there is one."""
    if verb == "hand_over":
        screens.offer_interface(form, case)
    if verb == "grade":
        day = timezone.localdate(actor.at)
        words = [get_value(f"hazards.{grade}_basis", day, case.node) for grade in ("general", "major")]
        form.fields["grade"].help_text = f"一般隐患：{words[0]}。重大隐患：{words[1]}。"


def _worded(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    form: Form,
    verb: str,
    send: Callable[[dict[str, Any]], Case],
    done: str,
) -> HttpResponse:
    """Show a small form, or send it; a refusal stands at its field and nothing typed is lost."""
    _hint(actor, case, form, verb)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            send(form.cleaned_data)
        except NotFound:
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("cases:case", case.pk)
    elif request.method == "POST":
        status = 400
    label = TABLE.notes.get(verb) or TABLE.transition(verb).label
    list_crumb = {"label": TABLE.title, "url": reverse("hazards:list")}
    context = {"case": case, "form": form, "label": label, "body": get_body(case), "list_crumb": list_crumb}
    return render(request, "cases/step.html", context, status=status)


# -- the interface to the authority ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@door("desk", "hazards.outside")
def outside(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where hazards go by interface, how that is set, and which of their kinds each of ours is."""
    services = queries.list_services(actor)
    chosen = {code: each.code for each in services for code in each.categories}
    form = ServicesForm(request.POST or None, services=screens.service_choices(services), initial=chosen)
    status = 200
    if request.method == "POST" and form.is_valid():
        clean = dict(form.cleaned_data)
        key = clean.pop("submit_key")
        try:
            actions.choose_services(actor, chosen=clean, submit_key=key)
        except Refused as refusal:
            status = put_refusal(form, refusal)
        else:
            messages.success(request, "已保存。以后移交的照这样送，已经送出的不变。")
            return redirect("hazards:outside")
    elif request.method == "POST":
        status = 400
    return render(request, "hazards/outside.html", screens.outside_page(services) | {"form": form}, status=status)


@require_POST
@door("desk", "hazards.outside")
def read_services(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask the authority's system what it takes."""
    count = actions.read_services(actor)
    messages.success(request, f"读到了，对方收{count}类。请在下面选好对应的类别，再保存。")
    return redirect("hazards:outside")

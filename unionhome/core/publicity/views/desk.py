"""The desk's pages of public notices: list, a new one, one with its steps, and objections."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.files.views import send
from unionhome.core.publicity import actions, queries, screens
from unionhome.core.publicity.actions import Complaint, Finding, Hanging, Photo, PublicDraft
from unionhome.core.publicity.forms import (
    AnswerForm,
    DraftForm,
    ExtendForm,
    LetterForm,
    NoticeFilter,
    PostForm,
    ReasonForm,
)
from unionhome.core.publicity.models import Notice
from unionhome.core.publicity.rules import MOST_ROWS, read_list, refuse_at, split_table
from unionhome.core.publicity.workflow import NOTICE
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.core.tree.queries import get_any_node
from unionhome.core.workflow.queries import find_refusal, list_next_steps, list_steps
from unionhome.kit.forms import Form
from unionhome.kit.sheets import SheetRefused, read_rows

PAGE_SIZE = 50
MOST_COLUMNS = 30


@require_GET
@door("desk", "publicity.view")
def notice_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Notices of the actor's branches; the counts are filters."""
    form = NoticeFilter(request.GET)
    phase = form.cleaned_data.get("phase", "") if form.is_valid() else ""
    page = Paginator(queries.list_notices(actor, phase), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": screens.list_rows(page.object_list, actor.at),
        "counts": screens.phase_counts(queries.count_notices(actor), phase),
        "may_draft": actor.may("publicity.draft"),
    }
    return render(request, "publicity/list.html", context)


@require_http_methods(["GET", "POST"])
@door("desk", "publicity.draft")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw up a notice at the own union."""
    form = DraftForm(request.POST or None, request.FILES or None)

    def act(clean: dict[str, Any]) -> Notice:
        if actor.node_id is None:
            raise Refused("您的账号不属于哪个工会，不能拟公示。", "no-union")
        columns, rows = _list_of(clean)
        given = PublicDraft(clean["kind"], clean["title"], columns, rows, place=clean["place"])
        return actions.draft_notice(actor, get_any_node(actor.node_id), given, submit_key=clean["submit_key"])

    return _asked(request, form, act, None, "拟公示", "名单已隐去名字，请核对，再出公示。")


def _list_of(clean: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The list as pasted or from the sheet. Raises BadInput at `text` or `sheet`."""
    if not clean["sheet"]:
        return read_list(clean["text"])
    if clean["text"].strip():
        raise refuse_at("sheet", "名单粘贴了，又传了表格，请留一样。", "list-twice")
    file = clean["sheet"][0]
    try:
        rows = [
            row for row in read_rows(file.read(), file.name, max_rows=MOST_ROWS + 1, max_columns=MOST_COLUMNS) if row
        ]
    except SheetRefused as refused:
        raise refuse_at("sheet", refused.sentence, refused.code) from refused
    return split_table(rows)


@require_GET
@door("desk", "publicity.view")
def notice_page(request: HttpRequest, actor: Actor, publicity_id: int) -> HttpResponse:
    """Facts left, the list and its places in the middle, next steps at the right."""
    notice = queries.get_notice(actor, publicity_id)
    can_act = actor.may("publicity.post", notice.node.path)
    steps = list_next_steps(actor, NOTICE, notice, queries.get_facts(notice, actor.at)) if can_act else []
    page = Paginator(notice.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "notice": notice,
        "state": screens.state_of(notice, actor.at),
        "next_step": NOTICE.state(notice.state).next_step,
        "barrier": queries.get_block(notice, actor.at),
        "fact_rows": screens.fact_rows(notice),
        "heads": screens.head_cells(notice),
        "page": page,
        "rows": screens.body_rows(notice, list(page.object_list)),
        "paper": screens.paper_link(notice) if actor.may("papers.view", notice.node.path) else {},
        "postings": screens.posting_rows(notice, queries.list_postings(notice)),
        "objections": screens.objection_rows(queries.list_objections(notice)),
        "steps": screens.step_rows(notice, steps),
        "side": screens.side_rows(notice, actor.at) if can_act else [],
        "may_look": actor.may("publicity.whole", notice.node.path),
        "lines": screens.step_lines(list_steps(notice), actor.at),
    }
    return render(request, "publicity/notice.html", context)


Act = Callable[[HttpRequest, Actor, int, dict[str, Any]], Any]


def _photos(files: Any) -> tuple[Photo, ...]:
    return tuple(Photo(file.name, file.read()) for file in files)


def _hanging(clean: dict[str, Any]) -> Hanging:
    return Hanging(clean["place"], clean["posted_on"], clean["place_text"], _photos(clean["photos"]))


def _address(request: HttpRequest, actor: Actor, pk: int) -> dict[str, str]:
    """The whole address behind the paper's code, and the page that the office comes back to."""
    path = reverse("publicity:check", args=[queries.get_notice(actor, pk).public_id])
    address = settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
    return {"address": address, "back_url": reverse("publicity:notice", args=[pk])}


def _issue(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.issue_notice(actor, pk, **_address(request, actor, pk), submit_key=clean["submit_key"])


def _reissue(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.reissue_notice(actor, pk, **_address(request, actor, pk), submit_key=clean["submit_key"])


def _post(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.post_notice(actor, pk, _hanging(clean), submit_key=clean["submit_key"])


def _add(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.add_posting(actor, pk, _hanging(clean), submit_key=clean["submit_key"])


def _extend(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    key = clean["submit_key"]
    return actions.extend_notice(actor, pk, days=clean["days"], reason=clean["reason"], submit_key=key)


def _close(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.close_notice(actor, pk, submit_key=clean["submit_key"])


def _withdraw(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    return actions.withdraw_notice(actor, pk, reason=clean["reason"], submit_key=clean["submit_key"])


def _enter(request: HttpRequest, actor: Actor, pk: int, clean: dict[str, Any]) -> Any:
    given = Complaint(clean["text"], clean["name"], clean["contact"], _photos(clean["photos"]))
    return actions.enter_objection(actor, pk, given, submit_key=clean["submit_key"])


STEPS: dict[str, tuple[Act, type[Form], str]] = {
    "issue": (_issue, Form, "已出公示，请在“公文”里打印、盖章、回传。"),
    "reissue": (_reissue, Form, "已重新出公文，请打印、盖章、回传。"),
    "post": (_post, PostForm, "开始公示。"),
    "posting": (_add, PostForm, "已记下，公示期从最后贴出的一处起算。"),
    "extend": (_extend, ExtendForm, "公示已延长。"),
    "close": (_close, Form, "公示期满，已归档。"),
    "withdraw": (_withdraw, ReasonForm, "公示已撤回。"),
    "enter": (_enter, LetterForm, "异议已登记，答复以前不能往下办。"),
}


@require_http_methods(["GET", "POST"])
@door("desk", "publicity.post")
def take_step(request: HttpRequest, actor: Actor, publicity_id: int, verb: str) -> HttpResponse:
    """One step of a notice, after its words were written."""
    if verb not in STEPS:
        raise NotFound()
    notice = queries.get_handled_notice(actor, publicity_id, "publicity.post")
    if request.method == "GET":
        _refuse_unfit(actor, notice, verb)
        if verb in screens.PLAIN:
            return redirect("publicity:notice", publicity_id)
    act, form_class, done = STEPS[verb]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    today = timezone.localdate(actor.at)
    form = form_class(*sent, initial={"posted_on": today, "place": notice.place})
    label = NOTICE.notes.get(verb) or NOTICE.transition(verb).label
    return _asked(request, form, lambda clean: act(request, actor, publicity_id, clean), notice, label, done)


def _refuse_unfit(actor: Actor, notice: Notice, verb: str) -> None:
    """Before its words are asked for: whoever cannot take a step now reads so at once."""
    if verb in NOTICE.notes or verb == "enter":
        if verb not in screens.list_side_now(notice, actor.at):
            label = NOTICE.state(notice.state).label
            late = queries.find_late_refusal(notice, actor.at)
            raise late or Refused(f"现在的状态是“{label}”，不能办这一步。", "wrong-state")
        return
    refusal = find_refusal(actor, NOTICE, notice, verb, queries.get_facts(notice, actor.at))
    if refusal is not None:
        raise refusal


def _asked(
    request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], Any], notice: Notice | None, label: str, done: str
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
            return redirect("publicity:notice", notice.pk if notice is not None else made.pk)
    elif request.method == "POST":
        status = 400
    back = reverse("publicity:notice", args=[notice.pk]) if notice is not None else reverse("publicity:list")
    context = {"form": form, "notice": notice, "label": label, "back_url": back}
    return render(request, "publicity/step.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("desk", "publicity.whole")
def whole(request: HttpRequest, actor: Actor, publicity_id: int) -> HttpResponse:
    """The whole list, once somebody has said why."""
    notice = queries.get_handled_notice(actor, publicity_id, "publicity.whole")
    form, status = ReasonForm(request.POST or None), 200
    back_url = reverse("publicity:notice", args=[publicity_id])
    if request.method == "POST":
        status = 400
        if form.is_valid():
            rows = actions.open_whole(actor, publicity_id, reason=form.cleaned_data["reason"])
            context = {
                "notice": notice,
                "back_url": back_url,
                "heads": screens.head_cells(notice),
                "rows": screens.whole_rows(notice.columns, rows),
            }
            answer = render(request, "publicity/whole.html", context)
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "notice": notice, "label": "看全名单", "back_url": back_url}
    return render(request, "publicity/step.html", context, status=status)


@require_GET
@door("desk", "publicity.view")
def photo(request: HttpRequest, actor: Actor, publicity_id: int, photo_id: int) -> HttpResponse:
    """A photograph of where it hangs."""
    return send(request, queries.get_photo(queries.get_notice(actor, publicity_id), photo_id))


@require_http_methods(["GET", "POST"])
@door("desk", "publicity.view")
def objection_page(request: HttpRequest, actor: Actor, objection_id: int) -> HttpResponse:
    """An objection with its words, and the form of the answer for whoever may give it."""
    objection = queries.get_objection(actor, objection_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = AnswerForm(*sent), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            clean = form.cleaned_data
            given = Finding(clean["outcome"] == "uphold", clean["text"], _photos(clean["scans"]))
            try:
                actions.answer_objection(actor, objection_id, given, submit_key=clean["submit_key"])
            except NotFound:
                raise
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                messages.success(request, "已答复，提异议的人凭查询码看得到。")
                return redirect("publicity:objection", objection_id)
    letters, sheets = queries.list_letters(actor, objection)
    context = {
        "objection": objection,
        "notice": objection.notice,
        "state": screens.objection_rows([objection])[0]["state"],
        "fact_rows": screens.objection_facts(objection, shows_who=queries.may_read_objector(actor, objection)),
        "text": screens.text_of(objection),
        "letters": screens.file_rows(letters, "publicity:letter", objection.pk),
        "sheets": screens.file_rows(sheets, "publicity:letter", objection.pk),
        "answer": screens.answer_of(objection),
        "why_not": screens.may_answer(actor, objection),
        "form": form,
        "lines": screens.step_lines(list_steps(objection), actor.at),
    }
    return render(request, "publicity/objection.html", context, status=status)


@require_GET
@door("desk", "publicity.view")
def letter(request: HttpRequest, actor: Actor, objection_id: int, letter_id: int) -> HttpResponse:
    """A page of an objection, or of the signed sheet of its answer."""
    return send(request, queries.get_letter(actor, queries.get_objection(actor, objection_id), letter_id))

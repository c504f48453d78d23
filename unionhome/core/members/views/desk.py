"""The desk's pages of members: search, one file, who looked, correcting facts."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import CorrectForm, SearchForm, UnmaskForm
from unionhome.core.members.models import Person
from unionhome.core.members.rules.codes import Part, Reason
from unionhome.core.members.rules.privacy import SHOWN_SECONDS
from unionhome.core.members.views.lines import look_lines
from unionhome.core.registry import NEEDS_FACTOR, Actor, BadInput, Refused, list_panels

PAGE_ROWS = 40
LOOK_ROWS = 5
ALL_LOOKS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.view")
def member_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Search members. A text with a whole number is answered at once and stands in no address."""
    if request.method == "POST":
        form = SearchForm(request.POST)
        text = form.cleaned_data["text"] if form.is_valid() else ""
        union = form.cleaned_data.get("union") if form.is_valid() else None
        if not queries.is_private_text(actor, text):
            kept = {"text": text, "union": union or ""}
            asked = urlencode({name: value for name, value in kept.items() if value})
            return redirect(f"{reverse('members:list')}?{asked}" if asked else "members:list")
        return _found(request, actor, text, None)
    return _found(request, actor, request.GET.get("text", "").strip(), _number(request.GET.get("union")))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


def _found(request: HttpRequest, actor: Actor, text: str, union_id: int | None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": SearchForm(initial={"text": text, "union": union_id}),
        "text": text,
        "union": queries.find_visible_union(actor, union_id) if union_id else None,
        "may_import": actor.may("members.import"),
    }
    number, status = request.GET.get("page"), 200
    if text:
        try:
            found = queries.find_persons(actor, text, union_id=union_id)
        except BadInput as refused:
            context["problem"], status = refused.sentence, refused.status
        else:
            found_page = Paginator(found.ids, PAGE_ROWS).get_page(number)
            persons = queries.list_found(actor, list(found_page.object_list))
            rows = queries.list_rows(actor, persons)
            context |= {"searched": True, "found": found, "page": found_page, "rows": rows}
    elif union_id:
        page = Paginator(queries.list_persons(actor, union_id), PAGE_ROWS).get_page(number)
        context |= {"searched": True, "page": page, "rows": queries.list_rows(actor, page.object_list)}
    if "searched" not in context:
        context["overview"] = queries.get_overview(actor, _number(request.GET.get("under")))
    return render(request, "members/list.html", context, status=status)


@require_safe
@door("desk", "members.view")
def member(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One file with covered facts. Opening it is an act that the person sees."""
    return _file_page(request, actor, actions.view_file(actor, pk))


@door("desk", "members.unmask")
def open_part(request: HttpRequest, actor: Actor, pk: int, part: str) -> HttpResponse:
    """Show one covered fact for a minute; without a script the page leaves by itself. A GET only leads back."""
    if request.method != "POST":
        return redirect("members:member", pk=queries.get_person(actor, pk).pk)
    form = UnmaskForm(request.POST)
    form.is_valid()
    person = queries.get_person(actor, pk)
    try:
        opened = actions.open_file(
            actor,
            pk,
            reason=form.cleaned_data.get("reason", ""),
            reason_text=form.cleaned_data.get("reason_text", ""),
            parts=(part,),
        )
    except BadInput as refused:
        return _file_page(request, actor, person, problem=refused.sentence, status=400)
    answer = _file_page(request, actor, person, opened=opened)
    answer["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('members:member', args=[pk])}"
    return answer


def _file_page(
    request: HttpRequest,
    actor: Actor,
    person: Person,
    *,
    opened: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    looks = queries.list_seen_access(actor, person)
    context = {
        "file": queries.get_file(actor, person, opened=opened),
        "stays": queries.list_stays(person),
        "member_steps": member_steps(actor, person),
        "moving": queries.find_open_transfer(person),
        "expelling": queries.find_open_expulsion(person),
        "looks": look_lines(actor, looks[:LOOK_ROWS]),
        "look_counts": queries.count_access(looks, actor.at),
        "consents": queries.list_consents(person),
        "panels": list_panels(actor, "members.member", person),
        "reasons": unmask_reasons(),
        "seconds": SHOWN_SECONDS,
        "may_unmask": actor.may("members.unmask", person.node.path),
        "may_correct": actor.may("members.correct", person.node.path),
        "opened": dict(opened or {}),
        "part_words": {part.value: part.label for part in Part},
        "problem": problem,
    }
    return render(request, "members/member.html", context, status=status)


STEP_LOOKS = {
    "transfer": ("转到别的工会", "members:transfer_send", "arrows-exchange"),
    "retain": ("转为保留会籍", "members:retain", "player-pause"),
    "resume": ("恢复在会", "members:resume", "player-play"),
    "expel": ("办理除名", "members:expel", "gavel"),
    "record_death": ("登记去世，注销会籍", "members:record_death", "user-minus"),
}


def member_steps(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """What a union may change of a membership, each step in its place, for `{% next_steps %}`."""
    steps = queries.list_member_steps(actor, person, queries.get_membership(person.pk))
    return [
        {
            "label": STEP_LOOKS[step.name][0],
            "url": reverse(STEP_LOOKS[step.name][1], args=[person.pk]),
            "icon": STEP_LOOKS[step.name][2],
            "main": False,
            "allowed": step.is_open,
            "reason": step.reason,
            "post": False,
        }
        for step in steps
    ]


def unmask_reasons(likely: Reason = Reason.MATTER) -> list[tuple[str, str]]:
    """The reasons to choose from, the likely one first: it is chosen until another is."""
    reasons = sorted(Reason, key=lambda reason: reason is not likely)
    return [(reason.value, str(reason.label)) for reason in reasons]


@require_safe
@door("desk", "members.view")
def looks(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Everybody who opened the file."""
    person = queries.get_person(actor, pk)
    page = Paginator(queries.list_seen_access(actor, person), ALL_LOOKS).get_page(request.GET.get("page"))
    context = {
        "file": queries.get_file(actor, person),
        "page": page,
        "looks": look_lines(actor, page.object_list),
    }
    return render(request, "members/looks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.correct")
def correct(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Correct facts of a file. Covered facts start empty: what is left empty stays as it is."""
    person = queries.get_person(actor, pk, "members.correct")
    values = queries.get_open_values(person)
    form = CorrectForm(request.POST or None, values=values)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.correct_facts(actor, pk, form.changes())
            except Refused as refused:
                if refused.code == NEEDS_FACTOR:
                    raise
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, "资料已更正，本人能看到改了什么。")
                return redirect("members:member", pk=pk)
    context = {"form": form, "file": queries.get_file(actor, person)}
    return render(request, "members/correct.html", context, status=status)


@require_POST
@door("desk", "members.correct")
def release(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The phone no longer opens the member's file."""
    if actions.release_account(actor, pk):
        messages.success(request, "已解除手机绑定，那部手机上的登录也结束了。下次用登记的号码登录，要重新核对证件。")
    else:
        messages.info(request, "这位会员没有绑定手机，不用解除。")
    return redirect("members:member", pk=pk)


def put_errors(form: Any, refused: Refused) -> None:
    """Put a refusal's sentences at the fields of a form, the rest above it."""
    at_fields = False
    for name, sentence in refused.fields.items():
        if name in form.fields:
            form.add_error(name, sentence)
            at_fields = True
    if not at_fields:
        form.add_error(None, refused.sentence)


@require_safe
@door("desk", "members.view")
def scan_card(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Where a scanned membership card leads."""
    person = queries.find_by_card_code(actor, code)
    if person is None:
        messages.error(request, "没有找到这张会员卡：可能不是本系统的卡，或者会员不在您的工会范围。")
        return redirect("members:list")
    return redirect("members:member", pk=person.pk)

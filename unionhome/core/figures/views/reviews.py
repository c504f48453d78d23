"""Reviews: begun from the form, written section by section beside their numbers, taken away as documents."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.figures import actions, papers, queries, screens
from unionhome.core.figures.forms import DaysForm, FreezeForm, SectionForm, TitleForm
from unionhome.core.figures.models import Review
from unionhome.core.figures.rules.editing import from_typed
from unionhome.core.figures.rules.periods import read_period
from unionhome.core.figures.rules.prose import Section
from unionhome.core.figures.views.asked import Asked, frame, take, text_of
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.forms import Form

PAGE_ROWS = 50
FORMATS = (("docx", "Word"), ("pdf", "PDF"), ("html", "网页"))


@require_safe
@door("desk", "figures.view")
def review_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Reviews of the actor's branches by how far they are, and the way to begin one."""
    node, today = queries.get_node(actor, text_of(request, "node")), timezone.localdate(actor.at)
    return _list_page(request, actor, node, DaysForm({"from": today.replace(month=1, day=1), "to": today}))


def _list_page(request: HttpRequest, actor: Actor, node: Node, days: DaysForm, status: int = 200) -> HttpResponse:
    state = text_of(request, "state")
    page = Paginator(queries.list_reviews(actor, state), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": screens.review_lines(page.object_list),
        "counts": screens.review_counts(queries.count_reviews(actor), state),
        "is_filtered": bool(state),
        "node": node,
        "days": days,
        "may_write": actor.may("figures.write", node.path),
    }
    return render(request, "figures/reviews.html", context, status=status)


@require_POST
@door("desk", "figures.write")
def review_begin(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin writing for a union and two dates; a review begun before is opened."""
    node = queries.get_node(actor, request.POST.get("node", "").replace("\x00", "")[:80])
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip()[:80] for name in ("from", "to")}
    try:
        period = read_period(typed["from"], typed["to"], timezone.localdate(actor.at))
        review = actions.begin_review(actor, node, period)
    except BadInput as refused:
        return _list_page(
            request, actor, node, DaysForm(typed, wrong=refused.fields or {"from": refused.sentence}), 400
        )
    return redirect("figures:draft", review.pk)


@require_safe
@door("desk", "figures.view")
def draft(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One review: its text with the numbers as they are now, what each is, and the places to edit."""
    return _page(request, actor, queries.get_draft(actor, pk))


def _page(
    request: HttpRequest,
    actor: Actor,
    review: Review,
    *,
    editing: str = "",
    form: Form | None = None,
    status: int = 200,
    preview: Any = None,
) -> HttpResponse:
    if review.statement or (queries.is_review_under_way(review) and review.frozen):
        return _signed_page(request, actor, review)
    bound, period = queries.get_bound_draft(actor, review), queries.get_period(review)
    asked = Asked(review.node, period, timezone.localdate(actor.at))
    names = queries.get_names(review.node, period)
    context = {
        "review": bound,
        "draft": review,
        "editing": editing,
        "form": form,
        "preview": preview,
        "names": sorted(names.by_name) if editing else [],
        "has_printed": any(each.printed for each in bound.bounds),
        "title_text": f"{period.title}工作综述",
        "may_write": actor.may("figures.write", review.node.path) and not queries.is_review_under_way(review),
        "is_under_way": queries.is_review_under_way(review),
        "formats": FORMATS,
        **frame(request, actor, asked, "review_now"),
        "periods": [],
        "places": {},
    }
    return render(request, "figures/review.html", context, status=status)


def _signed_page(request: HttpRequest, actor: Actor, review: Review) -> HttpResponse:
    """A frozen or signed review at the desk: what it says for ever, its documents, and the way to correct it."""
    context = {
        "draft": review,
        "written": screens.proven_review(queries.get_written(actor, review), "figures:frozen"),
        "formats": FORMATS,
        "may_write": actor.may("figures.write", review.node.path),
        "correction": queries.find_correction(review),
    }
    return render(request, "figures/review_signed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.write")
def section(request: HttpRequest, actor: Actor, pk: int, key: str) -> HttpResponse:
    """One section in its place, open for writing."""
    review = queries.get_draft(actor, pk)
    actor.require("figures.write", review.node.path)
    held = _find_section(review, key)
    names = queries.get_names(review.node, queries.get_period(review))
    if request.method != "POST":
        initial = {"title": held.title, "text": queries.get_typed(held, names), "revision": review.revision}
        return _page(request, actor, review, editing=key, form=SectionForm(initial=initial))
    form = SectionForm(request.POST)
    status = 400
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "text", "revision")}
        try:
            actions.write_section(actor, pk, key=key, **values)
        except Refused as refused:
            if refused.status == 409:
                form = _renewed(request, queries.get_draft(actor, pk).revision)
            status = take(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect(f"{reverse('figures:draft', args=[pk])}#{key}")
    return _page(request, actor, queries.get_draft(actor, pk), editing=key, form=form, status=status)


def _renewed(request: HttpRequest, revision: int) -> SectionForm:
    """What was typed, ready to be saved over the words that somebody changed meanwhile."""
    given = request.POST.copy()
    given["revision"] = str(revision)
    return SectionForm(given)


def _find_section(review: Review, key: str) -> Section:
    found = next((one for one in queries.list_sections(review) if one.key == key), None)
    if found is None:
        raise NotFound("这一节已经被删掉了。")
    return found


@require_POST
@door("desk", "figures.write")
def preview(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The section as typed, with its numbers; what cannot be read is said in its place."""
    review = queries.get_draft(actor, pk)
    period = queries.get_period(review)
    names = queries.get_names(review.node, period)
    title = request.POST.get("title", "").replace("\x00", "")[:40]
    context: dict[str, Any] = {"asked": Asked(review.node, period, timezone.localdate(actor.at))}
    try:
        paragraphs = from_typed(request.POST.get("text", "").replace("\x00", ""), names.by_name)
        context["review"] = queries.get_bound_draft(actor, review, (Section("preview", title, paragraphs),))
    except BadInput as refused:
        context["wrong"] = refused.sentence
    return render(request, "figures/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.write")
def headline(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The headline, open for writing."""
    review = queries.get_draft(actor, pk)
    actor.require("figures.write", review.node.path)
    form = TitleForm(request.POST or None, initial={"title": review.title, "revision": review.revision})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.retitle(actor, pk, title=form.cleaned_data["title"], revision=form.cleaned_data["revision"])
            except Refused as refused:
                status = take(form, refused)
            else:
                return redirect("figures:draft", pk)
    return _page(request, actor, review, editing="headline", form=form, status=status)


@require_POST
@door("desk", "figures.write")
def arrange(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Add a section, put one up or down, delete one, or take out the sentences of a number nothing gives."""
    given = request.POST
    revision, verb = _number(given.get("revision", "")), given.get("verb", "")
    if verb == "add":
        actions.add_section(actor, pk, revision=revision)
    elif verb == "drop":
        actions.drop_number(actor, pk, code=given.get("code", ""), revision=revision)
        messages.success(request, "含有这个数的句子已经删去。")
    else:
        actions.arrange_section(actor, pk, key=given.get("key", ""), verb=verb, revision=revision)
    return redirect("figures:draft", pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@require_POST
@door("desk", "figures.view")
def document(request: HttpRequest, actor: Actor, pk: int, form: str) -> HttpResponse:
    """The review as a document whose numbers lead to their proof."""
    if form not in ("docx", "pdf", "html"):
        raise NotFound()
    made = actions.export_review(actor, pk, form, request.build_absolute_uri("/").rstrip("/"))
    answer = HttpResponse(made.content, content_type=papers.TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "figures.draft")
def freeze(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Send the review to be signed: what will be frozen, what stays marked, and the reason where it was published before."""
    review = queries.get_draft(actor, pk)
    bound = queries.get_bound_draft(actor, review)
    form, status = FreezeForm(request.POST or None, initial={"revision": review.revision}), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = actions.freeze_review(actor, pk, **form.cleaned_data)
            except Refused as refused:
                status = take(form, refused)
            else:
                messages.success(request, "已冻结，请部门核对、办公室审核、主席签发。")
                return redirect("figures:publication", made.pk)
    context = {"draft": review, "review": bound, "form": form, "title_text": f"{bound.period.title}工作综述"}
    return render(request, "figures/review_freeze.html", context, status=status)


@require_POST
@door("desk", "figures.write")
def correct(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Begin the corrected version of a signed review."""
    return redirect("figures:draft", actions.correct_review(actor, pk).pk)

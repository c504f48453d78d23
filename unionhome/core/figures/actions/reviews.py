"""Writing a review: begun from the form, its sections rewritten in place, by several people one after the other."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.figures import papers
from unionhome.core.figures.actions.exporting import Export
from unionhome.core.figures.actions.publishing import draft_publication, step_publication
from unionhome.core.figures.actions.signing import freeze_words
from unionhome.core.figures.models import Publication, Review
from unionhome.core.figures.queries import (
    find_draft,
    get_bound_draft,
    get_draft,
    get_names,
    get_period,
    get_written,
    is_review_under_way,
    list_sections,
)
from unionhome.core.figures.rules.editing import from_typed, moved, with_new, with_section, without_sentence
from unionhome.core.figures.rules.periods import period_key
from unionhome.core.figures.rules.prose import SECTIONS, TITLE, Section, as_data
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period, day_text
from unionhome.kit.verifier import sha256

WRITE = "figures.write"


@transaction.atomic
def begin_review(actor: Actor, node: Node, period: Period) -> Review:
    """Start writing from the form; where somebody has begun already, that review is returned.

    Raises Forbidden without the permission on the union's branch.
    """
    actor.require(WRITE, node.path)
    Node.objects.select_for_update().get(pk=node.pk)
    begun = find_draft(actor, node, period)
    if begun is not None:
        return begun
    review = Review.objects.create(
        node=node,
        start_on=period.start_on,
        end_on=period.end_on,
        title=TITLE,
        sections=as_data(SECTIONS),
        created_at=actor.at,
        changed_at=actor.at,
        created_by_id=actor.user_id,
        changed_by_id=actor.user_id,
    )
    _tell(actor, review, "begun", f"开始写综述：{node.name} {period.title}")
    return review


@transaction.atomic
def write_section(actor: Actor, pk: int, *, key: str, title: str, text: str, revision: int) -> Review:
    """Rewrite one section. `revision` is the one the writer has read.

    Raises Refused where somebody changed the review meanwhile, BadInput for names that no figure has.
    """
    review = _lock_review(actor, pk, revision)
    if not title.strip():
        raise BadInput("请写这一节的标题。", fields={"title": "请写这一节的标题。"})
    names = get_names(review.node, get_period(review))
    paragraphs = from_typed(text, names.by_name)
    return _keep(actor, review, lambda kept: with_section(kept, key, title.strip(), paragraphs), f"改“{title.strip()}”")


@transaction.atomic
def retitle(actor: Actor, pk: int, *, title: str, revision: int) -> Review:
    """Give the review another headline."""
    review = _lock_review(actor, pk, revision)
    if not title.strip():
        raise BadInput("请写标题。", fields={"title": "请写标题。"})
    review.title = title.strip()
    return _keep(actor, review, lambda kept: kept, f"改标题为“{review.title}”")


@transaction.atomic
def add_section(actor: Actor, pk: int, *, revision: int) -> Review:
    """Add an empty section at the end."""
    return _keep(actor, _lock_review(actor, pk, revision), with_new, "加一节")


@transaction.atomic
def arrange_section(actor: Actor, pk: int, *, key: str, verb: str, revision: int) -> Review:
    """Put a section one place up or down, or delete it (verb: up, down, delete)."""
    review = _lock_review(actor, pk, revision)
    words = {"up": "上移一节", "down": "下移一节", "delete": "删掉一节"}.get(verb)
    if words is None:
        raise BadInput("没有这个操作。", "review-verb")
    return _keep(actor, review, lambda kept: moved(kept, key, verb), words)


@transaction.atomic
def drop_number(actor: Actor, pk: int, *, code: str, revision: int) -> Review:
    """Take out the sentences that hold a number nothing gives yet."""
    return _keep(
        actor, _lock_review(actor, pk, revision), lambda kept: without_sentence(kept, code), "删去没有数的句子"
    )


def export_review(actor: Actor, pk: int, form: str, base: str) -> Export:
    """The review as docx, pdf or html (`form`), its numbers leading to their proof at `base`; journaled."""
    review = get_draft(actor, pk)
    _tell(actor, review, "exported", f"导出综述：{review.title}", {"format": form})
    written = get_written(actor, review)
    name = f"{review.node.name}综述_{period_key(get_period(review)).replace('/', '_')}.{form}"
    if form == "html":
        return Export(papers.review_page(written, base).encode(), name, 1)
    report = papers.review_report(written, base, day_text(timezone.localdate(actor.at)), review.public_id or "")
    return Export(papers.write_report(report, form), name, 1)


@transaction.atomic
def freeze_review(
    actor: Actor, pk: int, *, revision: int, reason: str = "", tells_internal: bool = False, submit_key: str = ""
) -> Publication:
    """Send a review to be signed: the figures in it are frozen as one publication, and its words may not change.

    `reason` says why, where figures of it were published before. Raises Refused where the review has no number that is
    counted, where a number of it has none yet, or while it is under way already; what `draft_publication` raises.
    """
    key = sha256(f"review:{pk}:{submit_key}".encode())[:32] if submit_key else ""
    earlier = _find_frozen(actor, pk, key)
    if earlier is not None:
        return earlier
    review = _lock_review(actor, pk, revision)
    bound = get_bound_draft(actor, review)
    codes = [each.code for each in bound.bounds if each.value is not None and each.value.raw is not None]
    if not codes:
        raise Refused("这篇综述里还没有能冻结的数。", "no-numbers")
    internal = [each.figure.name for each in bound.bounds if each.value and each.figure.openness != "public"]
    if internal and not tells_internal:
        sentence = (
            f"里面有 {len(internal)} 个内部的数（{'、'.join(internal[:3])}），签发后人人都看得到。同意公开，请打勾。"
        )
        raise BadInput(sentence, "internal-numbers", fields={"tells_internal": sentence})
    if internal:
        _tell(
            actor, review, "opened", f"同意随综述公开 {len(internal)} 个内部的数", {"code": "、".join(internal)[:300]}
        )
    if review.publication and review.publication.state != "cancelled":
        step_publication(actor, review.publication.pk, "cancel", reason="综述改过文字，重新冻结")
    period = get_period(review)
    review.publication = draft_publication(
        actor,
        node=review.node,
        period=period,
        codes=codes,
        title=bound.subtitle[:80],
        reason=reason,
        submit_key=key,
        in_background=True,
    )
    review.frozen = None
    review.save(update_fields=["publication", "frozen"])
    if review.publication.state == "drafted":
        freeze_words(actor, review.publication)
    return review.publication


def _find_frozen(actor: Actor, pk: int, key: str) -> Publication | None:
    """What this very form made of the review when it was sent before; a form of another review is another key."""
    if not key:
        return None
    seen = get_draft(actor, pk)
    if seen.publication_id:
        Publication.objects.select_for_update().get(pk=seen.publication_id)
    Review.objects.select_for_update(of=("self",)).get(pk=pk)
    return Publication.objects.filter(review=pk, submit_key=key, created_by=actor.user_id).first()


@transaction.atomic
def correct_review(actor: Actor, pk: int) -> Review:
    """Begin the corrected version of a signed review: the same words, free to be changed. Begun before, it is returned."""
    signed = get_draft(actor, pk)
    actor.require("figures.write", signed.node.path)
    if not signed.statement:
        raise Refused("还没有签发，直接改就行。", "not-signed")
    Review.objects.select_for_update().get(pk=signed.pk)
    begun = Review.objects.filter(corrects=signed).first()
    if begun is not None:
        return begun
    return Review.objects.create(
        node=signed.node,
        start_on=signed.start_on,
        end_on=signed.end_on,
        title=signed.title,
        sections=signed.sections,
        corrects=signed,
        created_at=actor.at,
        changed_at=actor.at,
        created_by_id=actor.user_id,
        changed_by_id=actor.user_id,
    )


def _lock_review(actor: Actor, pk: int, revision: int) -> Review:
    """A review that may be changed now, locked; `revision` is the one that was read.

    Raises NotFound, Forbidden, and Refused while it is being signed, after that, and when somebody else changed it.
    """
    seen = get_draft(actor, pk)
    if seen.publication_id:
        Publication.objects.select_for_update().get(pk=seen.publication_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("node", "publication").get(pk=pk)
    actor.require(WRITE, review.node.path)
    if review.statement:
        raise Refused("这篇综述已经签发，不能再改。要更正，请写更正版。", "review-signed")
    if is_review_under_way(review):
        raise Refused("这篇综述正在签发，退回以后才能改。", "review-under-way")
    if review.revision != revision:
        raise Refused("这篇综述刚刚被别人改过。您写的还在下面，请先看一眼新的内容，再保存一次。", "review-changed")
    return review


def _keep(
    actor: Actor,
    review: Review,
    change: Callable[[Sequence[Section]], tuple[Section, ...] | Sequence[Section]],
    words: str,
) -> Review:
    review.sections = as_data(change(list_sections(review)))
    review.revision += 1
    review.changed_at, review.changed_by_id = actor.at, actor.user_id
    review.save()
    _tell(actor, review, "changed", f"{words}：{review.node.name} {get_period(review).title}综述"[:300])
    return review


def _tell(actor: Actor, review: Review, verb: str, summary: str, data: dict[str, Any] | None = None) -> None:
    facts = {"period": period_key(get_period(review)), "revision": review.revision, **(data or {})}
    journal.record(actor, f"figures.review.{verb}", node=review.node, about=review, summary=summary, data=facts)

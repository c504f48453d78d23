"""Writing a review: begun from the form, its sections rewritten in place, by several people one after the other."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from unionhome.core.figures.models import Review
from unionhome.core.figures.queries import bind_draft, find_draft, get_draft, get_names, list_sections, period_of
from unionhome.core.figures.rules.editing import from_typed, moved, with_new, with_section, without_sentence
from unionhome.core.figures.rules.periods import period_key
from unionhome.core.figures.rules.prose import SECTIONS, TITLE, Section, as_data
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.dates import Period

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
    review = _lock(actor, pk, revision)
    if not title.strip():
        raise BadInput("请写这一节的标题。", fields={"title": "请写这一节的标题。"})
    names = get_names(review.node, period_of(review))
    paragraphs = from_typed(text, names.by_name)
    return _keep(actor, review, lambda kept: with_section(kept, key, title.strip(), paragraphs), f"改“{title.strip()}”")


@transaction.atomic
def retitle(actor: Actor, pk: int, *, title: str, revision: int) -> Review:
    """Give the review another headline."""
    review = _lock(actor, pk, revision)
    if not title.strip():
        raise BadInput("请写标题。", fields={"title": "请写标题。"})
    review.title = title.strip()
    return _keep(actor, review, lambda kept: kept, f"改标题为“{review.title}”")


@transaction.atomic
def add_section(actor: Actor, pk: int, *, revision: int) -> Review:
    """Add an empty section at the end."""
    return _keep(actor, _lock(actor, pk, revision), with_new, "加一节")


@transaction.atomic
def arrange_section(actor: Actor, pk: int, *, key: str, verb: str, revision: int) -> Review:
    """Put a section one place up or down, or delete it (verb: up, down, delete)."""
    review = _lock(actor, pk, revision)
    words = {"up": "上移一节", "down": "下移一节", "delete": "删掉一节"}.get(verb)
    if words is None:
        raise BadInput("没有这个操作。", "review-verb")
    return _keep(actor, review, lambda kept: moved(kept, key, verb), words)


@transaction.atomic
def drop_number(actor: Actor, pk: int, *, code: str, revision: int) -> Review:
    """Take out the sentences that hold a number nothing gives yet."""
    return _keep(actor, _lock(actor, pk, revision), lambda kept: without_sentence(kept, code), "删去没有数的句子")


@transaction.atomic
def export_review(actor: Actor, pk: int, form: str) -> Any:
    """The review with its numbers, to be taken out of the house as `form` (docx, pdf, html); journaled."""
    review = get_draft(actor, pk)
    _tell(actor, review, "exported", f"导出综述：{review.title}", {"format": form})
    return bind_draft(actor, review)


def _lock(actor: Actor, pk: int, revision: int) -> Review:
    get_draft(actor, pk)
    review = Review.objects.select_for_update(of=("self",)).select_related("node").get(pk=pk)
    actor.require(WRITE, review.node.path)
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
    _tell(actor, review, "changed", f"{words}：{review.node.name} {period_of(review).title}综述"[:300])
    return review


def _tell(actor: Actor, review: Review, verb: str, summary: str, data: dict[str, Any] | None = None) -> None:
    facts = {"period": period_key(period_of(review)), "revision": review.revision, **(data or {})}
    journal.record(actor, f"figures.review.{verb}", node=review.node, about=review, summary=summary, data=facts)

"""What workers say of a deed, and the end of its days of rating."""

from django.db import transaction

from unionhome.core.registry import Actor, Refused
from unionhome.kit import crypto
from unionhome.services.deeds import queries
from unionhome.services.deeds.actions.locking import due_after, journal, step, today_of
from unionhome.services.deeds.models import Deed, DeedRating, Score
from unionhome.services.deeds.rules import TEXT_FIELD, refuse_at

MOST_TEXT = 200


@transaction.atomic
def rate_deed(actor: Actor, deed_id: int, *, score: str, text: str = "", submit_key: str = "") -> DeedRating:
    """A worker of the list's branch says what it was worth, once.

    Raises NotFound for another branch, BadInput at the field, Refused outside its days and the second time.
    """
    Deed.objects.select_for_update().get(pk=queries.get_rated_deed(actor, deed_id).pk)
    deed = queries.get_rated_deed(actor, deed_id)
    if score not in Score.values:
        raise refuse_at("score", "请选满意、基本满意或者不满意。")
    if len(text.strip()) > MOST_TEXT:
        raise refuse_at("text", f"请写 {MOST_TEXT} 字以内。")
    earlier = DeedRating.objects.filter(deed=deed, account_id=actor.user_id).first()
    if earlier is not None and submit_key and earlier.submit_key == submit_key:
        return earlier
    if earlier is not None:
        raise Refused("您已经评价过了，谢谢您。", "already-rated")
    if not queries.is_rateable(deed, today_of(actor)):
        raise Refused("这件实事现在不在评价的日子里。", "not-rateable")
    words = text.strip()
    rating = DeedRating.objects.create(
        deed=deed,
        account_id=actor.user_id or 0,
        score=score,
        text_sealed=crypto.seal(words, field=TEXT_FIELD) if words else None,
        rated_at=actor.at,
        rated_on=today_of(actor),
        submit_key=submit_key,
    )
    journal(actor, deed, "scored", "职工评价实事")
    return rating


def close_ratings(actor: Actor, limit: int = 500) -> int:
    """Let those be published whose days of rating are over; how many. For the schedule."""
    over = Deed.objects.filter(state="struck_off", rating_ends_on__lt=today_of(actor)).order_by("rating_ends_on", "pk")[
        :limit
    ]
    return sum(_close(actor, deed_id) for deed_id in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _close(actor: Actor, deed_id: int) -> bool:
    Deed.objects.select_for_update().get(pk=deed_id)
    deed = queries.get_deed(actor, deed_id)
    if deed.state != "struck_off":
        return False
    step(actor, deed, "close_rating", due_at=due_after(actor, "publish_days", deed.owner or deed.node))
    return True

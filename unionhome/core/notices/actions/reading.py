"""The receiver opens a message. Nothing is journaled: it is nobody else's business."""

from django.db import transaction

from unionhome.core.notices import queries
from unionhome.core.notices.models import Notice
from unionhome.core.registry import Actor, NotFound


@transaction.atomic
def mark_read(actor: Actor, notice_id: int) -> Notice:
    """The actor has seen one of the own messages; a repeat changes nothing. Raises NotFound."""
    own = queries.list_own(actor).filter(pk=notice_id)
    own.order_by().filter(read_at__isnull=True).update(read_at=actor.at)
    notice = own.first()
    if notice is None:
        raise NotFound()
    return notice


@transaction.atomic
def mark_all_read(actor: Actor) -> int:
    """The actor has seen all of them; how many were new."""
    return queries.list_own(actor).order_by().filter(read_at__isnull=True).update(read_at=actor.at)

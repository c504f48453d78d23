"""Who helped with needs (帮代办): what one helped with oneself, and what the page of a need tells of it."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.models import Case
from unionhome.core.registry import Actor, NotFound
from unionhome.kit import crypto
from unionhome.kit.codes import mask_phone
from unionhome.services.helpdesk.models import Helping
from unionhome.services.helpdesk.rules.helped import HELPER_PHONE_FIELD


def find_helping(case: Case) -> Helping | None:
    """Who helped with a need. The caller has scoped the need."""
    return Helping.objects.filter(case=case).first()


def get_helper_index(phone: str) -> str:
    """A helper's phone as it is looked for; empty for none."""
    return crypto.blind(phone, field=HELPER_PHONE_FIELD) if phone else ""


def get_masked_helper_phone(helping: Helping) -> str:
    """A helper's phone for a screen; empty for none."""
    return (
        mask_phone(crypto.open_sealed(bytes(helping.phone_sealed), field=HELPER_PHONE_FIELD))
        if (helping.phone_sealed)
        else ""
    )


def list_helped(actor: Actor) -> QuerySet[Helping]:
    """What the signed-in person helped with, by account or by the phone that the account has proved to own, newest
    first. Whoever helped reads how far it is, and none of the words."""
    if actor.user_id is None:
        return Helping.objects.none()
    own = Q(account_id=actor.user_id)
    if phone := find_own_phone(actor):
        own |= Q(phone_index=get_helper_index(phone))
    return Helping.objects.filter(own).select_related("case__node").order_by("-consented_at", "-case_id")


def count_helped_on(actor: Actor, phone_index: str) -> int:
    """How much one helper helped with on the day: by phone, or the acting cadre in person."""
    own = Q(phone_index=phone_index) if phone_index else Q(account_id=actor.user_id)
    return Helping.objects.filter(own, on=timezone.localdate(actor.at)).count()


def get_registered(actor: Actor, case_id: int) -> Case:
    """A need that the actor wrote down today, for its slip. Raises NotFound for others and for older ones: the slip
    opens the worker's own page."""
    rows = Helping.objects.filter(case_id=case_id, asker_id=actor.user_id, on=timezone.localdate(actor.at))
    found = rows.select_related("case__node").first() if actor.user_id is not None else None
    if found is None or not found.case.submit_key:
        raise NotFound()
    return found.case

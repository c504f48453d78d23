"""Which kinds of report the authority's system takes, and which of ours go where."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.kit import georeport
from unionhome.services.hazards import queries
from unionhome.services.hazards.actions.outgoing import NOT_SET
from unionhome.services.hazards.models import OutsideService
from unionhome.services.hazards.workflow import CATEGORIES


def read_services(actor: Actor) -> int:
    """Ask the server for its list and keep it; how many. What was chosen stays where the server still has it.

    Call it outside a transaction. Raises Forbidden, Refused where the server is not set, not there or says nothing.
    """
    _require(actor)
    if not settings.OPEN311_RECEIVER.url:
        raise Refused(NOT_SET, "outside-not-set")
    try:
        found = georeport.list_services(settings.OPEN311_RECEIVER)
    except georeport.NotTaken as refusal:
        raise Refused(refusal.sentence, "outside-refused") from None
    with transaction.atomic():
        OutsideService.objects.exclude(code__in=[each.code for each in found]).delete()
        for each in found:
            facts = {"name": each.name, "group": each.group, "read_at": actor.at}
            OutsideService.objects.update_or_create(code=each.code, defaults=facts)
        record(
            actor,
            "hazards.outsideservice.read",
            summary=f"读取移交接口的类别，共{len(found)}个",
            data={"services": len(found)},
        )
    return len(found)


def _require(actor: Actor) -> None:
    if not queries.may_set_outside(actor):
        raise Forbidden()


@transaction.atomic
def choose_services(actor: Actor, *, chosen: Mapping[str, str], submit_key: str = "") -> None:
    """Say for our kinds of hazard which of theirs they are; "" where none. The same again changes nothing.

    Raises Forbidden, BadInput at the kind for a code that the server does not have.
    """
    _require(actor)
    rows = {each.code: each for each in OutsideService.objects.select_for_update().order_by("pk")}
    for category in CATEGORIES:
        code = chosen.get(category.code, "")
        if code and code not in rows:
            raise BadInput("对方没有这一类，请刷新再选。", "unknown-service", fields={category.code: "请重新选一类。"})
    for row in rows.values():
        row.categories = [each.code for each in CATEGORIES if chosen.get(each.code) == row.code]
        row.save(update_fields=["categories"])
    words = [f"{each.label}→{rows[chosen[each.code]].name}" for each in CATEGORIES if chosen.get(each.code)]
    record(
        actor,
        "hazards.outsideservice.chosen",
        summary=f"设定移交接口的类别，{len(words)}类有对应",
        data={"chosen": "；".join(words)},
    )

"""What rests on a membership: it goes along where the membership goes, and comes to its end where that ends for good.

The consent to be registered is a condition of membership (退会后撤回), so it stands as long as a membership does: a move,
a retirement, the end of a union keep it; leaving, death, expulsion and 已离开 close it, whoever recorded them. Two files
made one are one member still. Who joins again agrees anew. Sources: 个人信息保护法 art. 15 and 47.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import F, OuterRef, Subquery

from unionhome.core.members.models import Consent, Correction, Leaving, Membership, Transfer
from unionhome.core.members.models.transfers import OPEN_TRANSFER
from unionhome.core.members.rules.codes import STANDING
from unionhome.core.members.rules.privacy import REGISTER
from unionhome.core.members.workflow import CORRECTION, LEAVING, TRANSFER
from unionhome.core.registry import Actor, Table
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, pass_on
from unionhome.kit.codes import mask_name

AT_ONCE = 500
GONE = "会籍已经变了"


def end_what_rests_on_it(actor: Actor, person_ids: Collection[int], why: str) -> None:
    """After memberships have ended for good: the consent is closed, and what was under way stops and says why."""
    for some in _lots(person_ids):
        Consent.objects.filter(person__in=some, purpose=REGISTER, withdrawn_at=None).update(withdrawn_at=actor.at)
        leavings = Leaving.objects.select_related("node", "person").filter(person__in=some, state="submitted")
        for leaving in leavings.order_by("pk"):
            _stop(actor, LEAVING, leaving, "退会", why)
        lapse_transfers(actor, some, why)


def lapse_transfers(actor: Actor, person_ids: Collection[int], why: str) -> None:
    """Stop the transfers of people whose membership is no longer the one to be moved."""
    rows = Transfer.objects.select_related("node", "person", "to_node")
    for transfer in rows.filter(person__in=person_ids, state__in=OPEN_TRANSFER).order_by("pk"):
        _stop(actor, TRANSFER, transfer, "转接", why)


def _stop(actor: Actor, table: Table, row: Any, kind: str, why: str) -> None:
    system = Actor.system(GONE, actor.at)
    item = ItemFacts(
        node=row.node, title=f"{mask_name(row.person.name)}{kind}", url="", kind_label=kind, icon="arrows-exchange",
        subject_id=row.person_id,
    )  # fmt: skip
    move(system, table, row, "lapse", item=item, reason=why[:200])
    row.decided_at = system.at
    row.save(update_fields=["decided_at"])


def follow_members(actor: Actor, person_ids: Collection[int]) -> None:
    """After memberships were closed and opened anew: an open notice of leaving means the one that stands now, and it and
    requests for correction wait at the union that keeps the file now. Their due moment stays: the member waits since
    then. A notice of somebody who is no member any more stops."""
    for some in _lots(person_ids):
        for table, model in ((LEAVING, Leaving), (CORRECTION, Correction)):
            _pass_on(actor, table, model, some)
        _mean_the_present(actor, Leaving.objects.filter(person__in=some))


def mend_leavings(actor: Actor) -> int:
    """Notices that mean a membership which stands no more are put right as in `follow_members`; how many there were."""
    rows = Leaving.objects.filter(state="submitted").exclude(membership__status__in=STANDING)
    stuck = list(rows.values_list("person_id", flat=True)[:AT_ONCE])
    follow_members(actor, stuck)
    return len(stuck)


def _pass_on(actor: Actor, table: Table, model: Any, person_ids: Collection[int]) -> None:
    moved: dict[tuple[Node, Node], list[int]] = defaultdict(list)
    rows = model.objects.select_related("node", "person__node").filter(person__in=person_ids, state=table.initial)
    for row in rows.exclude(node=F("person__node")).order_by("pk"):
        moved[row.node, row.person.node].append(row.pk)
    for (source, target), ids in moved.items():
        model.objects.filter(pk__in=ids).update(node=target)
        pass_on(actor, table, ids, source=source, target=target, reason=f"会籍已转到{target.name}")


def _mean_the_present(actor: Actor, leavings: Any) -> None:
    stale = leavings.filter(state="submitted").exclude(membership__status__in=STANDING)
    present = Membership.objects.filter(person=OuterRef("person"), status__in=STANDING).values("pk")[:1]
    known = stale.annotate(present=Subquery(present))
    for leaving in known.filter(present=None).select_related("node", "person").order_by("pk"):
        _stop(actor, LEAVING, leaving, "退会", "会籍已经结束")
    stale.filter(pk__in=list(known.exclude(present=None).values_list("pk", flat=True))).update(
        membership_id=Subquery(present)
    )


def _lots(person_ids: Collection[int]) -> list[list[int]]:
    ids = sorted(person_ids)
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]

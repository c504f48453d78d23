"""Open cases go with a union that is merged or dissolved: the union that takes its place handles them on."""

from django.db import transaction

from unionhome.core.cases import clocks
from unionhome.core.cases.actions.handling import follow_files, refresh_item
from unionhome.core.cases.actions.opening import add_entry, standing_of
from unionhome.core.cases.models import Case, Entry, Referral
from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions import Following
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import branch_q, find_local_above


@transaction.atomic
def follow_union(actor: Actor, following: Following) -> dict[str, int]:
    """Hand every case that is under way at the source to the target, with its clocks; the count.

    A case that must stay hidden from the target's branch, because it is about an employer there, goes to the
    federation above it instead. A split takes no cases along.
    """
    if following.employer_ids is not None:
        return {}
    hidden = _keep_hidden(following)
    rows = Case.objects.select_for_update(of=("self",)).select_related("node")
    cases = list(rows.filter(node=following.source, ended_on=None).order_by("pk"))
    cases += list(rows.filter(pk__in=hidden).exclude(node=following.source))
    for case in cases:
        _hand_over(actor, case, following)
    return {"cases": len(cases)}


def _keep_hidden(following: Following) -> list[int]:
    """What was hidden from the source is hidden from the union that now organises the employer; open cases that it
    handled itself until now."""
    if following.target.is_local or following.keeps:
        return []
    hidden = Case.objects.filter(hidden_path=following.source.path)
    ids = list(hidden.values_list("pk", flat=True))
    hidden.update(hidden_path=following.target.path)
    there = Case.objects.filter(branch_q("node__path", [following.target.path]), pk__in=ids, ended_on=None)
    return list(there.values_list("pk", flat=True))


def _hand_over(actor: Actor, case: Case, following: Following) -> None:
    case.refresh_from_db()
    sender, node = case.node, _taker(case, following.target)
    Referral.objects.filter(case=case, answer=Referral.Answer.WAITING).update(target=node)
    Case.objects.filter(pk=case.pk).update(node=node, handler=None, stand_in=None, **standing_of(node))
    case.refresh_from_db()
    clocks.recompute(case)
    follow_files(actor, case)
    refresh_item(actor, case)
    title = f"转由{node.name}办理"[:80]
    add_entry(actor, case, Entry.Kind.STEP, title, text=following.reason, is_public=True)
    record(
        actor,
        "cases.case.followed",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"随工会变更转办：{case.title}",
        data={"from": sender.name, "reason": following.reason},
    )


def _taker(case: Case, target: Node) -> Node:
    if case.hidden_path and target.path.startswith(case.hidden_path):
        return find_local_above(target) or target
    return target

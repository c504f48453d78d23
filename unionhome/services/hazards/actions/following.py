"""Several reports of one hazard: a report follows the one that is handled, by its reporter's word or the union's."""

from django.db import transaction
from django.db.models import Q

from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, NotFound, Refused
from unionhome.services.hazards import queries
from unionhome.services.hazards.actions.locking import keep, lock_all, lock_any, lock_hazard, step
from unionhome.services.hazards.models import HazardDetail
from unionhome.services.hazards.workflow import KIND, TABLE


@transaction.atomic
def follow_hazard(actor: Actor, case: Case, leader_id: int) -> Case:
    """The reporter says that it is the hazard another has reported: the own report follows that one. A repeat changes
    nothing. The caller found the case as the reporter's own.

    Raises NotFound for a report that was not suggested, or ended meanwhile, Refused where the union has taken the own one up.
    """
    lock_all(Q(pk__in=[case.pk, leader_id]))
    case = lock_any(case)
    detail = queries.get_detail(case)
    if detail.leader_id == leader_id:
        return case
    if case.state != TABLE.initial:
        raise Refused("工会已经在办您报的这一件了，不用再并。", "wrong-state")
    near = queries.list_near(detail, actor.at, most=queries.MOST_CANDIDATES)
    leader = next((each.case for each in near if each.case.pk == leader_id), None)
    if leader is None:
        raise NotFound()
    leader = lock_any(leader)
    if TABLE.state(leader.state).is_end or queries.is_hidden_apart(case, leader):
        raise NotFound()
    detail.case = case
    cases.move_case(actor, case, "follow")
    _attach(actor, detail, leader, f"您说和{leader.number}是同一处，跟着那一件办")
    return case


@transaction.atomic
def merge_hazard(actor: Actor, case_id: int, *, number: str, submit_key: str = "") -> Case:
    """The union finds that two reports are of one hazard. Raises BadInput at `number` for the report itself, one the
    actor cannot see, one that is at its end or follows another, or one handled by whom this report is hidden from or hidden otherwise."""
    lock_all(Q(pk=case_id) | Q(kind=KIND, number=number.strip().upper()))
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    leader = _find_leader(actor, detail, number)
    step(actor, detail, "merge", f"和{leader.number}是同一处，并在一起办", submit_key=submit_key)
    _attach(actor, detail, leader, "")
    return detail.case


def _find_leader(actor: Actor, detail: HazardDetail, number: str) -> Case:
    try:
        leader = lock_any(queries.find_leader(actor, number))
    except NotFound as refusal:
        raise BadInput(refusal.sentence, "no-such-hazard", fields={"number": refusal.sentence}) from refusal
    sentence = ""
    if leader.pk == detail.case.pk:
        sentence = "这就是它自己的编号，请写另一件的。"
    elif TABLE.state(leader.state).is_end:
        sentence = f"那一件{TABLE.state(leader.state).label}，不能再并进去。"
    elif queries.is_kept_from(detail.case, leader):
        sentence = "这一件不让单位知道，那一件正由单位工会办，不能并进去。"
    elif queries.is_hidden_apart(detail.case, leader):
        sentence = "两件都不让单位知道，要避开的单位不一样，不能并在一起。"
    if sentence:
        raise BadInput(sentence, "leader-unfit", fields={"number": sentence})
    return leader


def _attach(actor: Actor, detail: HazardDetail, leader: Case, title: str) -> None:
    """Let the report, and those that followed it, follow the leader; both timelines say so. Who reads the leader's
    reads nothing of the other reporter: the system says it for the reporter."""
    case = detail.case
    teller = Actor.system("another report of the same hazard", actor.at) if title else actor
    HazardDetail.objects.filter(leader=case).update(leader=leader)
    if title:
        keep(actor, detail, title, leader=leader, due_at=None)
    else:
        HazardDetail.objects.filter(pk=detail.pk).update(leader=leader, due_at=None)
    cases.end_case(actor, case)
    _hide_with(actor, detail, leader)
    cases.add_entry(teller, leader, "step", f"又有人报了同一处，编号{case.number}", is_public=False)
    record(
        teller,
        f"{KIND}.joined",
        node=leader.node,
        about=leader,
        hidden_path=leader.hidden_path or case.hidden_path,
        summary=f"同一处隐患并在一起：{leader.title}",
        data={"leader": leader.number},
    )


def _hide_with(actor: Actor, detail: HazardDetail, leader: Case) -> None:
    """What a report is to be hidden from must not see the one it follows either: that one tells of it, and goes on."""
    if detail.is_hidden_from_employer:
        HazardDetail.objects.filter(case=leader).update(is_hidden_from_employer=True)
    if detail.case.hidden_path and not leader.hidden_path:
        cases.hide_case(actor, leader, detail.case.hidden_path)

"""The checklist of a case: what its kind wants done on the way, ticked by whoever did it."""

from django.db import transaction

from unionhome.core.cases import queries
from unionhome.core.cases.actions.handling import lock_handling
from unionhome.core.cases.models import Case, CheckTick
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, NotFound, Refused


@transaction.atomic
def tick_point(actor: Actor, case_id: int, code: str, *, is_done: bool) -> Case:
    """Tick a point of the checklist, or take the tick back. A repeat changes nothing.

    Raises what `queries.get_handled_case` does, NotFound for a point that is not of this case, Refused once the outcome
    was proposed.
    """
    case = lock_handling(actor, case_id)
    point = next((each for each in queries.list_points(case) if each.code == code), None)
    if point is None:
        raise NotFound()
    state = queries.get_kind(case.kind).table.state(case.state)
    if state.is_end or case.proposed_at is not None:
        raise Refused(f"现在的状态是“{state.label}”，清单不能再改。", "wrong-state")
    before = CheckTick.objects.filter(case=case, code=code)
    if before.exists() == is_done:
        return case
    if is_done:
        CheckTick.objects.create(
            case=case,
            code=code,
            at=actor.at,
            user_id=actor.user_id,
            actor_name=f"{actor.name}{actor.said_for(case)}"[:80],
            actor_union=actor.node_name,
        )
    else:
        before.delete()
    record(
        actor,
        f"cases.check.{'ticked' if is_done else 'unticked'}",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"清单{'打勾' if is_done else '取消打勾'}：{point.label}",
        data={"point": point.label},
    )
    return case

"""Is it a hazard, how grave is it, and what must be done at once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.core.journal.actions import record
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.workflow.actions import note_step
from unionhome.kit.codes import mask_numbers
from unionhome.services.hazards.actions.locking import due_after_days, keep, lock_hazard, needed, step
from unionhome.services.hazards.models import Grade, HazardDetail
from unionhome.services.hazards.workflow import KIND, TABLE


@transaction.atomic
def check_hazard(actor: Actor, case_id: int, *, submit_key: str = "") -> Case:
    """It is a hazard."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    step(
        actor,
        detail,
        "check",
        "核实过了，是隐患",
        submit_key=submit_key,
        is_valid=True,
        checked_on=timezone.localdate(actor.at),
        due_at=due_after_days(actor, "hazards.check_days", detail.case.node),
    )
    return detail.case


@transaction.atomic
def dismiss_hazard(actor: Actor, case_id: int, *, reason: str, submit_key: str = "") -> Case:
    """It is none, for a reason that whoever reported it reads."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    day = timezone.localdate(actor.at)
    step(
        actor,
        detail,
        "dismiss",
        "看过了，不是隐患",
        reason=reason,
        submit_key=submit_key,
        is_valid=False,
        checked_on=day,
        due_at=None,
    )
    cases.end_case(actor, detail.case)
    return detail.case


@transaction.atomic
def grade_hazard(actor: Actor, case_id: int, *, grade: str, note: str = "", submit_key: str = "") -> Case:
    """General or major, by the words of the policy in force, which are kept. Raises BadInput for another grade.

    Source of the two grades: the national rules on finding and removing hazards; their words are a policy.
    """
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    if grade not in Grade.values:
        raise BadInput("请选一个等级。", "grade-missing", fields={"grade": "请选一个等级。"})
    day, node = timezone.localdate(actor.at), detail.case.node
    basis = get_value(f"hazards.{grade}_basis", day, node)
    label = Grade(grade).label
    step(
        actor,
        detail,
        "grade",
        f"定为{label}",
        text=f"{basis}。{note.strip()}",
        submit_key=submit_key,
        grade=grade,
        basis=mask_numbers(basis)[:200],
        due_at=due_after_days(actor, "hazards.check_days", node),
    )
    record(
        actor,
        f"{KIND}.grade_given",
        node=node,
        about=detail.case,
        subject_id=detail.case.person_id,
        hidden_path=detail.case.hidden_path,
        summary=f"定为{label}：{detail.case.title}",
        data={"grade": label},
    )
    return detail.case


@dataclass(frozen=True, slots=True)
class Plan:
    """The five fixes (五落实) of a major hazard: responsibility, measures, money, deadline, contingency plan."""

    duty: str
    measures: str
    funds: str
    schedule: str
    emergency: str


PLAN_WORDS = (("duty", "责任"), ("measures", "措施"), ("funds", "资金"), ("schedule", "时限"), ("emergency", "预案"))


@transaction.atomic
def write_plan(actor: Actor, case_id: int, plan: Plan, *, submit_key: str = "") -> Case:
    """Write the five fixes down. Raises BadInput where one is missing, Refused for a hazard that is not major or at
    its end. Source: the national rules on major hazards."""
    detail = lock_hazard(actor, case_id)
    if cases.already_done(actor, case_id, submit_key):
        return detail.case
    if detail.grade != Grade.MAJOR or detail.case.state not in ("graded", "rectifying", "urged"):
        raise Refused("定为重大、还在整改的隐患，才写五落实。", "no-plan-now")
    facts: dict[str, Any] = {
        name: mask_numbers(needed(getattr(plan, name), f"请写{label}。", name)) for name, label in PLAN_WORDS
    }
    text = "；".join(f"{label}：{facts[name]}" for name, label in PLAN_WORDS)
    note_step(actor, TABLE, detail.case, "plan")
    keep(actor, detail, "五落实写清了", text=text, submit_key=submit_key, is_public=False, **facts)
    _journal(actor, detail, "planned", "写五落实")
    return detail.case


@transaction.atomic
def propose_evacuation(actor: Actor, case_id: int) -> Case:
    """Ask the unit to take people out of danger at once: one tap, on record. A repeat changes nothing.

    Source: the law on safe production and that on trade unions: the union proposes, the employer must decide at once.
    """
    detail = lock_hazard(actor, case_id)
    if detail.evacuation_at is not None:
        return detail.case
    if TABLE.state(detail.case.state).is_end or detail.case.state == "answered":
        raise Refused("这处隐患已经改好或者办结，不用再提请撤人。", "no-danger-now")
    if detail.case.accepted_at is None:
        cases.take_up(actor, detail.case)
    note_step(actor, TABLE, detail.case, "evacuate")
    keep(actor, detail, "提请单位先把人撤出来", evacuation_at=actor.at)
    _journal(actor, detail, "evacuation_proposed", "提请撤人")
    return detail.case


def _journal(actor: Actor, detail: HazardDetail, what: str, said: str) -> None:
    case = detail.case
    record(
        actor,
        f"{KIND}.{what}",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"{said}：{case.title}",
    )

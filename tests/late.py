"""A sample rule by which cases of a union go up, a level that a case went up, and words for a reply."""

from dataclasses import dataclass
from datetime import timedelta

from tests.worlds import World
from unionhome.core.cases import actions
from unionhome.core.cases.models import Case, Escalation, EscalationRule, Handover, MassMatter, Referral, ReplyTemplate
from unionhome.core.registry import Actor


@dataclass
class Late:
    """One of each."""

    rule: EscalationRule
    step: Escalation
    referral: Referral
    template: ReplyTemplate
    handover: Handover
    mass: MassMatter


def make_late(world: World, mine: Actor, case: Case) -> Late:
    """One of each at the union that handles the case; the rule is not in force. `mine` belongs to the union."""
    rule, step, referral = actions.draft_rule(mine, step_minutes=60), raise_case(world, case), send_case(world, case)
    template = actions.write_template(mine, title=f"约时间{case.pk}", text="{经办人}今天给您打电话，编号{编号}。")
    return Late(rule, step, referral, template, put_before(world, case), ring_mass(world, case))


def send_case(world: World, case: Case) -> Referral:
    """Another union has sent the case here, and it was taken up."""
    return Referral.objects.create(
        case=case, sender=case.node, target=case.node, sent_at=world.at, answer="accepted", answered_at=world.at
    )


def put_before(world: World, case: Case) -> Handover:
    """Somebody outside of the union has been asked about the case, and has answered."""
    return Handover.objects.create(
        case=case, authority=f"样例局{case.pk}", sent_on=world.today, due_on=world.today + timedelta(days=15),
        entry=case.entries.earliest("pk"), answer="done", answered_on=world.today,
    )  # fmt: skip


def raise_case(world: World, case: Case) -> Escalation:
    """The case went up one level, as if its first clock had run out."""
    target = case.node.parent or case.node
    return Escalation.objects.create(
        case=case, clock="arrive", at=world.at, on=world.today, node=case.node, target=target
    )


def ring_mass(world: World, case: Case) -> MassMatter:
    """Many people want what the case is about, and nobody has taken it yet."""
    return MassMatter.objects.create(
        node=case.node, hidden_path=case.hidden_path, ground="employer", kind=case.kind, category=case.category,
        employer_text=f"样例厂{case.pk}", people_count=12, state="ringing", opened_at=world.at,
        due_at=world.at + timedelta(hours=2), rings_at=world.at + timedelta(minutes=10), ring_count=1,
    )  # fmt: skip

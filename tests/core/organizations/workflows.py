"""Foundings and re-elections of the tests, brought to any state through the actions."""

from dataclasses import replace
from datetime import date
from typing import Any

from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Founding, Organization, Reelection
from unionhome.core.organizations.rules import ElectionFacts, Seat
from unionhome.core.papers import actions as papers
from unionhome.core.papers.models import Paper
from unionhome.core.registry import Actor

SCAN = papers.Scan("盖章件.pdf", b"%PDF-1.4\n%%EOF\n")
TOWN = "610502001"
DAY = date(2026, 11, 20)
SEATS = (
    Seat("union", "赵示例", "主席", 30),
    Seat("union", "钱示例", "副主席", 29),
    Seat("union", "孙示例", "委员", 28),
    Seat("audit", "李示例", "主任", 30),
    Seat("audit", "周示例", "委员", 30),
    Seat("audit", "吴示例", "委员", 30),
    Seat("women", "钱示例", "主任", 30),
)


def another(actor: Actor) -> Actor:
    """Somebody else with the same posts: who filed a matter does not approve it."""
    return replace(actor, user_id=2 if actor.user_id else None)


def election(**given: Any) -> ElectionFacts:
    """An election in order, any part replaced."""
    values: dict[str, Any] = {
        "held_on": date(2026, 11, 24),
        "assembly": "members",
        "entitled_count": 40,
        "attended_count": 36,
        "members_count": 40,
        "women_count": 12,
        "principal_name": "郑示例",
        "term_years": 3,
        "term_starts_on": date(2026, 11, 24),
        "seats": SEATS,
        **given,
    }
    return ElectionFacts(**values)


def seal(actor: Actor, paper: Paper, *, number: str = "人民街工发〔2026〕8号", dated_on: date | None = None) -> Paper:
    """Write the number, print, seal by hand, scan back."""
    papers.write_paper(
        actor,
        paper.pk,
        number=number,
        dated_on=dated_on or paper.dated_on,
        text="\n".join(paper.letter["paragraphs"]),
    )
    papers.print_paper(actor, paper.pk)
    return papers.seal_paper(actor, paper.pk, [SCAN])


def founding_at(actor: Actor, state: str, employer: actions.EmployerFacts, **given: Any) -> Founding:
    """A founding that came as far as `state` on its way to active."""
    values: dict[str, Any] = {"parent_code": TOWN, "members_count": 32, **given}
    founding = actions.start_founding(actor, employer=employer, **values)
    above = another(actor)
    acts = (
        ("applied", actions.apply_founding),
        ("preparing", actions.prepare_founding),
        ("reported", actions.report_founding),
        ("approved", actions.approve_founding),
    )
    for target, act in acts:
        if founding.state == state:
            return founding
        if target == "reported":
            actions.record_founding_election(actor, founding.pk, election())
        seal(actor, actions.issue_founding_paper(actor, founding.pk))
        founding = act(above if target in ("preparing", "approved") else actor, founding.pk)
    if state == "active":
        founding = actions.complete_founding(actor, founding.pk, seal_on=date(2026, 11, 24))
    return founding


def reelection_at(actor: Actor, state: str, union: Organization, **given: Any) -> Reelection:
    """A re-election that came as far as `state`."""
    reelection = actions.open_reelection(actor, union.pk)
    acts = (
        ("started", actions.begin_reelection),
        ("reported", actions.report_reelection),
        ("approved", actions.approve_reelection),
    )
    for target, act in acts:
        if reelection.state == state:
            break
        if target == "reported":
            actions.record_term_election(actor, reelection.pk, election(**given))
        seal(actor, actions.issue_term_paper(actor, reelection.pk))
        reelection = act(another(actor) if target == "approved" else actor, reelection.pk)
    return reelection

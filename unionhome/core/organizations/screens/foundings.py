"""How foundings, re-elections and terms look."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from unionhome.core.organizations.models import Election, Founding, Organization, Reelection
from unionhome.core.organizations.queries import get_division_text
from unionhome.core.organizations.queries.places import find_division
from unionhome.core.organizations.rules import COMMITTEES, STAGES, TermRules
from unionhome.core.organizations.workflow import FOUNDING, REELECTION
from unionhome.core.papers.models import Paper
from unionhome.core.papers.workflow import PAPER
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit.dates import moment_text

FOUNDING_LINE = (
    ("draft", "请示"),
    ("applied", "同意筹建"),
    ("preparing", "选举"),
    ("reported", "批复成立"),
    ("approved", "刻章开户"),
)
TERM_LINE = (("due", "请示"), ("started", "选举"), ("reported", "批复"))
SAME = {"returned": "draft"}
GIVEN_UP = ("cancelled", "lapsed", "dropped")
PAPER_WORDS = {
    "founding-request": "生成筹建请示",
    "preparation-reply": "生成同意筹建批复",
    "election-report": "生成选举结果报告",
    "founding-reply": "生成成立批复",
    "term-request": "生成换届请示",
    "term-report": "生成选举结果报告",
    "term-reply": "生成换届批复",
}
STAGE_TONES = {"due": "outline", "soon": "amber", "urgent": "amber", "overdue": "deep", "late": "deep"}
STEP_ICONS = {
    "open": "file-text",
    "cancel": "x",
    "return_application": "arrow-back-up",
    "return_election": "arrow-back-up",
}
DONE = ("prepare", "approve", "complete")


def stage_bar(line: Sequence[tuple[str, str]], state: str, steps: Sequence[Step]) -> list[dict[str, str]]:
    """How far a matter is: what is behind, now and ahead. One that was given up stays where it had come to."""
    names = [name for name, _ in line]
    is_over = state in GIVEN_UP
    state = steps[-1].from_state if is_over and steps else state
    state = SAME.get(state, state)
    at = names.index(state) if state in names else len(names)
    now = "later" if is_over else "current"
    return [
        {"name": label, "note": "", "state": "done" if place < at else now if place == at else "later"}
        for place, (_, label) in enumerate(line)
    ]


def paper_lines(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """The papers of a matter."""
    return [
        {"paper": paper, "state": PAPER.state(paper.state), "url": reverse("papers:paper", args=[paper.pk])}
        for paper in papers
    ]


def step_lines(actor: Actor, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What happened, newest first."""
    return [
        {
            "title": "开始办理" if step.verb == "open" else step.label,
            "text": "，".join(filter(None, (step.actor_union, step.actor_name)))
            + (f"：{step.reason}" if step.reason else ""),
            "time_text": moment_text(step.at, actor.at),
            "icon": STEP_ICONS.get(step.verb, "check"),
            "tone": "done" if step.verb in DONE else "plain",
        }
        for step in reversed(steps)
    ]


def next_lines(kind: str, pk: int, steps: Sequence[NextStep], asks: Sequence[str]) -> list[dict[str, Any]]:
    """Buttons of a matter: `asks` open a page with a form, the rest is sent at once."""
    return [
        {
            "label": step.label,
            "url": reverse(f"organizations:{kind}_{step.verb}", args=[pk]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb not in asks,
        }
        for step in steps
    ]


def founding_facts(founding: Founding) -> list[dict[str, str]]:
    """What is known of the union to be."""
    place = find_division(founding.division_code)
    unit, union = founding.employer, founding.organization
    rows = [
        ("工会类型", founding.get_form_display()),
        ("上级工会", founding.node.name),
        ("批复工会", founding.approver.name),
        ("所在地", get_division_text(place) if place else ""),
        ("所在单位", unit.name if unit else ""),
        ("单位代码", unit.uscc if unit else ""),
        ("职工人数", _people(founding.workers_count)),
        ("女职工人数", _people(founding.women_count)),
        ("愿意入会", _people(founding.members_count)),
        ("筹备组负责人", founding.leader_name),
        ("单位党组织意见", founding.party_opinion),
        ("批准文号", founding.approval_no),
        ("批复日期", _day(founding.approved_on)),
        ("启用印章", _day(founding.seal_on)),
        ("法人资格证书号", union.legal_no if union else ""),
        ("开户银行", founding.bank_name),
        ("开户日期", _day(union.account_on if union else None)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def election_facts(election: Election) -> list[dict[str, str]]:
    """The meeting in words."""
    rows = [
        ("选举日期", _day(election.held_on)),
        ("会议", election.get_assembly_display()),
        ("会员", f"{election.members_count} 人，其中女会员 {election.women_count} 人"),
        ("到会", f"应到 {election.entitled_count} 人，实到 {election.attended_count} 人"),
        ("单位主要负责人", election.principal_name),
        ("任期", f"第 {election.term_no} 届，{election.term_years} 年，{_day(election.term_starts_on)} 起"),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def seat_lines(election: Election) -> list[dict[str, Any]]:
    """Those elected, with the committee in words."""
    words = dict(COMMITTEES)
    return [{**seat, "committee_name": words[seat["committee"]]} for seat in election.seats]


def _people(count: int | None) -> str:
    return "" if count is None else f"{count} 人"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def founding_lines(foundings: Iterable[Founding]) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [
        {
            "founding": founding,
            "state": FOUNDING.state(founding.state),
            "url": reverse("organizations:founding", args=[founding.pk]),
        }
        for founding in foundings
    ]


def founding_counts(counts: Mapping[str, int], state: str) -> list[dict[str, Any]]:
    """Counts above the list of foundings."""
    shown = (
        ("open", "在办", counts["open"], "全部没办完的", "ink"),
        ("applied", "等同意筹建", counts["applied"], "上级工会办", "amber"),
        ("preparing", "筹建中", counts["preparing"], "发展会员、选举", "ink"),
        ("reported", "等批复成立", counts["reported"], "上级工会办", "amber"),
        ("active", "已成立", counts["active"], "", "ink"),
    )
    return [
        _count(label, value, note, f"?state={name}", state == name, tone) for name, label, value, note, tone in shown
    ]


def _count(label: str, value: int, note: str, url: str, active: bool, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "note": note,
        "url": url,
        "active": active,
        "tone": tone if value else "ink",
    }


def stage_counts(counts: Mapping[str, int], rules: TermRules, stage: str, head: str) -> list[dict[str, Any]]:
    """Counts above the list of terms; `head` is the start of the address that keeps the branch."""
    shown = [("", "快到期和已到期", counts["total"], "", "ink")]
    shown += [(name, rules.label(name), counts[name], "", STAGE_TONES[name]) for name in STAGES if rules.label(name)]
    tones = {"outline": "ink"}
    return [
        _count(label, value, note, f"{head}stage={name}" if name else head, stage == name, tones.get(tone, tone))
        for name, label, value, note, tone in shown
    ]


def term_lines(
    organizations: Sequence[Organization], reelections: Mapping[int, Reelection], rules: TermRules, today: date
) -> list[dict[str, Any]]:
    """Lines of the list of terms."""
    lines = []
    for one in organizations:
        if one.term_ends_on is None:
            continue
        stage = rules.stage(one.term_ends_on, today)
        reelection = reelections.get(one.pk)
        left = (one.term_ends_on - today).days
        lines.append(
            {
                "organization": one,
                "stage": rules.label(stage),
                "tone": STAGE_TONES[stage],
                "left_text": f"还有 {left} 天" if left > 0 else "今天" if left == 0 else f"超 {-left} 天",
                "progress": REELECTION.state(reelection.state) if reelection else None,
                "url": reverse("organizations:reelection", args=[reelection.pk]) if reelection else "",
            }
        )
    return lines

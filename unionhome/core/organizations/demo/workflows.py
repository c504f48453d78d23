"""One founding at every state, and re-elections due, overdue, in progress and done, in the demo county."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import Division, Founding, Organization, Reelection
from unionhome.core.organizations.rules import ElectionFacts, Seat
from unionhome.core.papers.actions import Scan, print_paper, seal_paper, write_paper
from unionhome.core.papers.models import Paper
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_uscc
from unionhome.kit.papers import Letter, has_chinese_font, render_letter

# trade, workers, women, members, how far the founding came
FOUNDINGS = (
    ("冷链物流", 64, 22, 41, "draft"),
    ("家居装饰", 47, 18, 30, "applied"),
    ("口腔医院", 38, 29, 28, "returned"),
    ("新能源", 120, 35, 66, "preparing"),
    ("电子商务", 52, 31, 36, "reported"),
    ("印刷包装", 73, 30, 44, "approved"),
    ("园林绿化", 58, 21, 40, "active"),
    ("文化传媒", 29, 15, 25, "cancelled"),
)
PEOPLE = ("何文涛", "吕春燕", "施建军", "张晓梅", "孔志强", "曹秀兰", "严海波", "华丽娟", "金永刚")
COUNTY = "610502"
FIRST_SERIAL = 61000


def build_workflows(world: Any, town: Node, village: Division) -> None:
    """Foundings first, so that a re-election stands last in the inbox of nobody who has none."""
    scan = _scan(world)
    for number, (trade, workers, women, members, state) in enumerate(FOUNDINGS, start=1):
        name = f"渭南示例{trade}有限公司"
        employer = actions.EmployerFacts(
            name=name,
            division_code=village.code,
            uscc=make_uscc("91", COUNTY, FIRST_SERIAL + number),
            nature="170",
            size="small",
            workers_count=workers,
            women_count=women,
        )
        _found(world, scan, town, employer, members, state)
    _reelect(world, scan, town)


def _scan(world: Any) -> Scan:
    """A page that stands for every sealed copy of the demo."""
    if not has_chinese_font():
        return Scan("盖章件.pdf", b"%PDF-1.4\n%%EOF\n")
    letter = Letter(
        title="盖章件（演示）",
        addressee="各位",
        paragraphs=("演示数据，代替盖好章的扫描件。",),
        signer="演示工会",
        date=world.today.isoformat(),
    )
    return Scan("盖章件.pdf", render_letter(letter))


def _seal(actor: Actor, scan: Scan, paper: Paper) -> None:
    number = f"示工发〔{paper.dated_on.year}〕{paper.pk}号" if paper.letter.get("organ") else ""
    text = "\n".join(paper.letter["paragraphs"])
    write_paper(actor, paper.pk, number=number, dated_on=paper.dated_on, text=text)
    print_paper(actor, paper.pk)
    seal_paper(actor, paper.pk, [scan])


def _election(today: date, members: int, women: int, *, principal: str, years: int = 3) -> ElectionFacts:
    votes = members - 3
    union = [
        Seat("union", name, post, votes)
        for name, post in zip(PEOPLE, ("主席", "副主席", "委员", "委员", "委员"), strict=False)
    ]
    audit = [Seat("audit", name, post, votes) for name, post in zip(PEOPLE[5:8], ("主任", "委员", "委员"), strict=True)]
    committee = [Seat("women", PEOPLE[1], "主任", votes), Seat("women", PEOPLE[3], "委员", votes)]
    return ElectionFacts(
        held_on=today,
        assembly="members",
        entitled_count=members,
        attended_count=members - 2,
        members_count=members,
        women_count=women,
        principal_name=principal,
        term_years=years,
        term_starts_on=today,
        seats=(*union, *audit, *committee),
    )


def _found(world: Any, scan: Scan, town: Node, employer: actions.EmployerFacts, members: int, state: str) -> None:
    actor = world.system(world.at(60, 9))
    founding = actions.start_founding(actor, parent_code=town.code, employer=employer, members_count=members)
    actions.write_founding(actor, founding.pk, leader_name=PEOPLE[8], party_opinion="同意成立工会组织")
    if state == "draft":
        return
    if state == "cancelled":
        actions.cancel_founding(actor, founding.pk, reason="单位迁到外地")
        return
    _seal(actor, scan, actions.issue_founding_paper(actor, founding.pk))
    actions.apply_founding(world.system(world.at(9, 10)) if state == "applied" else actor, founding.pk)
    if state == "returned":
        actions.return_founding(world.system(world.at(50, 10)), founding.pk, reason="请补上单位党组织的意见和职工名册")
        return
    _answer(world, scan, founding, state)


def _answer(world: Any, scan: Scan, founding: Founding, state: str) -> None:
    """From the answer of the higher union to the seal, as far as `state`."""
    women = (founding.women_count or 0) // 2 + 5
    acts: tuple[tuple[str, int, Callable[..., Founding]], ...] = (
        ("preparing", 45, actions.prepare_founding),
        ("reported", 20, actions.report_founding),
        ("approved", 10, actions.approve_founding),
    )
    for target, days_ago, act in acts:
        if founding.state == state or state == "applied":
            return
        actor = world.system(world.at(days_ago, 10))
        if target == "reported":
            held_on = world.today - timedelta(days=days_ago)
            facts = _election(held_on, founding.members_count or 25, women, principal="钱国庆")
            actions.record_founding_election(actor, founding.pk, facts)
        _seal(actor, scan, actions.issue_founding_paper(actor, founding.pk))
        founding = act(actor, founding.pk)
    if state == "active":
        seal_on = world.today - timedelta(days=5)
        actions.complete_founding(
            world.system(world.at(4, 10)),
            founding.pk,
            seal_on=seal_on,
            uscc=make_uscc("81", COUNTY, FIRST_SERIAL),
            certificate_no="演示法证字第 001 号",
            certificate_on=seal_on,
            bank_name="演示银行人民街支行",
            account_on=seal_on,
        )


def _reelect(world: Any, scan: Scan, town: Node) -> None:
    """Every term that ends is announced; the first few employers' unions are on their way, one is through."""
    now = world.system(world.at(0, 8))
    actions.announce_terms(now)
    ending = [
        one for one in queries.list_terms(now, under=town) if one.node.level == "grassroots" and one.form == "single"
    ]
    for one, state in zip(ending, ("started", "reported", "approved"), strict=False):
        _renew(world, scan, one, state)


def _renew(world: Any, scan: Scan, union: Organization, state: str) -> None:
    acts: tuple[tuple[str, int, Callable[..., Reelection]], ...] = (
        ("started", 6, actions.begin_reelection),
        ("reported", 3, actions.report_reelection),
        ("approved", 1, actions.approve_reelection),
    )
    reelection = actions.open_reelection(world.system(world.at(7, 9)), union.pk)
    for target, days_ago, act in acts:
        if reelection.state == state:
            return
        actor = world.system(world.at(days_ago, 10))
        if target == "reported":
            facts = _election(
                world.today - timedelta(days=days_ago), 40, 12, principal="钱国庆", years=union.term_years or 3
            )
            actions.record_term_election(actor, reelection.pk, facts)
        _seal(actor, scan, actions.issue_term_paper(actor, reelection.pk))
        reelection = act(actor, reelection.pk)

"""A founding from its draft to the union that stands, and everything it refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.organizations.workflows import DAY, SEATS, TOWN, election, founding_at, seal
from unionhome.core.organizations import actions, queries
from unionhome.core.organizations.models import CoveredUnit, Founding, Organization, OrganizationChange
from unionhome.core.organizations.rules import Seat
from unionhome.core.papers import actions as papers
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import get_paper
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit.codes import make_uscc

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
EmployerOf = Callable[..., actions.EmployerFacts]


def test_from_draft_to_active(cadre: Cadre, employer: EmployerOf) -> None:
    town = cadre(TOWN)
    founding = founding_at(town, "approved", employer(workers_count=60, women_count=20))
    organization = founding.organization
    assert organization is not None and organization.status == "preparing"
    assert not CoveredUnit.objects.exists()
    done = actions.complete_founding(
        town, founding.pk, seal_on=date(2026, 11, 24), uscc=make_uscc("81", "610502", 9), certificate_no="法证 1 号"
    )
    assert done.state == "active"
    organization.refresh_from_db()
    assert (organization.status, organization.founded_on) == ("active", date(2026, 11, 24))
    assert (organization.approved_by, organization.approval_no) == ("人民街道总工会", "人民街工发〔2026〕8号")
    assert (organization.term_no, organization.term_ends_on) == (1, date(2029, 11, 23))
    assert CoveredUnit.objects.get().node_id == organization.pk
    assert OrganizationChange.objects.get(node=organization.pk).kind == "founded"
    officers = queries.list_officers(organization, date(2026, 11, 24))
    assert [(one.committee, one.name, one.post) for one in officers][:2] == [
        ("union", "赵示例", "主席"),
        ("union", "钱示例", "副主席"),
    ]
    assert len(officers) == len(SEATS)
    assert not WorkItem.objects.filter(closed_at=None).exists()
    kinds = list(Paper.objects.order_by("pk").values_list("kind", "state"))
    assert kinds == [
        ("founding-request", "sealed"),
        ("preparation-reply", "sealed"),
        ("election-report", "sealed"),
        ("founding-reply", "sealed"),
    ]


def test_members_can_be_recruited_while_it_prepares(cadre: Cadre, employer: EmployerOf) -> None:
    founding = founding_at(cadre(TOWN), "preparing", employer())
    assert founding.organization is not None
    node = founding.organization.node
    assert node.parent is not None and node.parent.code == TOWN
    assert queries.count_unions([node.parent]) == queries.count_unions([node.parent, node])


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        ("draft", "apply_founding", "筹建请示还没有盖章回传"),
        ("applied", "prepare_founding", "同意筹建的批复还没有盖章回传"),
        ("preparing", "report_founding", "先登记选举结果"),
        ("reported", "approve_founding", "成立批复还没有盖章回传"),
    ],
)
def test_no_step_without_its_sealed_paper(
    cadre: Cadre, employer: EmployerOf, state: str, act: str, sentence: str
) -> None:
    founding = founding_at(cadre(TOWN), state, employer())
    with pytest.raises(Refused, match=sentence):
        getattr(actions, act)(cadre(TOWN), founding.pk)
    founding.refresh_from_db()
    assert founding.state == state


def test_the_next_higher_union_approves(cadre: Cadre, employer: EmployerOf) -> None:
    """A village brings the request; the town, not the village, answers it."""
    village = "610502001001"
    founding = actions.start_founding(cadre(village), parent_code=village, employer=employer())
    assert founding.approver.code == TOWN
    seal(cadre(village), actions.issue_founding_paper(cadre(village), founding.pk))
    founding = actions.apply_founding(cadre(village), founding.pk)
    assert WorkItem.objects.get(closed_at=None, table="organizations.founding").node.code == TOWN
    with pytest.raises(Forbidden):
        actions.issue_founding_paper(cadre(village), founding.pk)
    with pytest.raises(Refused, match="工会法第十二条"):
        actions.prepare_founding(cadre(village), founding.pk)
    seal(cadre(TOWN), actions.issue_founding_paper(cadre(TOWN), founding.pk))
    assert actions.prepare_founding(cadre(TOWN), founding.pk).state == "preparing"
    for stranger in ("610502100", "610503"):
        with pytest.raises(NotFound):
            actions.approve_founding(cadre(stranger), founding.pk)


def test_returned_papers_are_made_anew(cadre: Cadre, employer: EmployerOf) -> None:
    town = cadre(TOWN)
    founding = founding_at(town, "applied", employer())
    founding = actions.return_founding(town, founding.pk, reason="职工人数没有写")
    assert (founding.state, Paper.objects.get().is_withdrawn) == ("returned", True)
    actions.write_founding(town, founding.pk, workers_count=60)
    with pytest.raises(Refused, match="请示还没有盖章"):
        actions.apply_founding(town, founding.pk)
    seal(town, actions.issue_founding_paper(town, founding.pk))
    assert actions.apply_founding(town, founding.pk).state == "applied"
    founding = founding_at(town, "reported", employer(name="渭南示例机械有限公司", uscc=""))
    founding = actions.return_founding_election(town, founding.pk, reason="没有过半")
    assert (founding.state, founding.election) == ("preparing", None)


def test_changed_facts_void_the_request(cadre: Cadre, employer: EmployerOf) -> None:
    town = cadre(TOWN)
    founding = actions.start_founding(town, parent_code=TOWN, employer=employer())
    paper = actions.issue_founding_paper(town, founding.pk)
    assert actions.issue_founding_paper(town, founding.pk).pk == paper.pk
    actions.write_founding(town, founding.pk, leader_name="王示例")
    paper.refresh_from_db()
    assert paper.state == "void"
    with pytest.raises(BadInput) as bad:
        actions.write_founding(town, founding.pk, workers_count=3, women_count=4)
    assert "women_count" in bad.value.fields


def test_giving_up_takes_the_union_from_the_tree(cadre: Cadre, employer: EmployerOf) -> None:
    founding = founding_at(cadre(TOWN), "preparing", employer())
    actions.cancel_founding(cadre(TOWN), founding.pk, reason="单位搬走了")
    organization = Organization.objects.select_related("node").get(founding=founding)
    assert organization.status == "dissolved" and organization.node.closed_on is not None
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_union_with_members_is_not_given_up(
    cadre: Cadre, employer: EmployerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    founding = founding_at(cadre(TOWN), "preparing", employer())
    monkeypatch.setattr("unionhome.core.organizations.actions.foundings.finish.count_members", lambda node: (30, 11))
    with pytest.raises(Refused, match="已有 30 名会员"):
        actions.cancel_founding(cadre(TOWN), founding.pk, reason="不建了")
    founding.refresh_from_db()
    assert founding.state == "preparing" and founding.organization.status == "preparing"


def test_one_employer_one_founding(cadre: Cadre, employer: EmployerOf) -> None:
    key = "b" * 32
    first, again, other = (
        actions.start_founding(cadre(TOWN), parent_code=TOWN, employer=employer(), submit_key=submit_key)
        for submit_key in (key, key, "c" * 32)
    )
    assert first.pk == again.pk == other.pk
    with pytest.raises(Refused) as elsewhere:
        actions.start_founding(cadre("610503"), parent_code="610503100", employer=employer())
    assert elsewhere.value.code == "founding-elsewhere"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"employer": None}, "employer_name"),
        ({"parent_code": "999"}, "parent"),
        ({"form": "branch"}, "parent"),
        ({"division_code": "619999"}, "division_code"),
        ({"employer": None, "form": "joint", "division_code": "610502001001"}, "name"),
    ],
)
def test_starts_are_refused_at_their_field(
    cadre: Cadre, employer: EmployerOf, given: dict[str, Any], field: str
) -> None:
    values = {"parent_code": TOWN, "employer": employer(), **given}
    with pytest.raises(BadInput) as refused:
        actions.start_founding(cadre("610502"), **values)
    assert list(refused.value.fields) == [field]
    assert not Founding.objects.exists()


def test_an_organised_employer_needs_no_founding(union: Organization, cadre: Cadre, employer: EmployerOf) -> None:
    with pytest.raises(Refused) as refused:
        actions.start_founding(cadre(TOWN), parent_code=TOWN, employer=employer(), name="又一个工会")
    assert refused.value.code == "already-covered"


def without(committee: str) -> tuple[Seat, ...]:
    return tuple(seat for seat in SEATS if seat.committee != committee)


BAD_ELECTIONS = [
    ({"held_on": date(2026, 11, 25)}, "held_on", "晚于今天"),
    ({"held_on": date(2026, 11, 1)}, "held_on", "不能早于"),
    ({"term_years": 4}, "term_years", "第十六条"),
    ({"term_starts_on": date(2026, 11, 23)}, "term_starts_on", "早于选举"),
    ({"assembly": "delegates"}, "assembly", "会员大会"),
    ({"entitled_count": 41}, "entitled_count", "多于会员"),
    ({"attended_count": 41}, "attended_count", "多于应到"),
    ({"attended_count": 26}, "attended_count", "三分之二"),
    ({"women_count": 41}, "women_count", "多于会员"),
    ({"principal_name": ""}, "principal_name", "主要负责人"),
    ({"principal_name": "赵示例"}, "seats", "赵示例是单位主要负责人"),
    ({"seats": (*SEATS[:2], replace(SEATS[2], is_relative=True), *SEATS[3:])}, "seats", "工会法第十条"),
    ({"seats": (SEATS[0], *SEATS[3:])}, "seats", "工会法第十一条"),
    ({"seats": SEATS[1:]}, "seats", "一位主席"),
    ({"seats": without("audit")}, "seats", "经费审查委员会"),
    (
        {"seats": (*without("audit"), *(replace(seat, name="赵示例") for seat in SEATS[3:4]), *SEATS[4:6])},
        "seats",
        "不能进经费",
    ),
    ({"seats": without("women")}, "seats", "女职工委员会"),
    ({"seats": without("women"), "women_count": 3}, "seats", "女职工委员"),
    ({"seats": (replace(SEATS[0], votes=20), *SEATS[1:])}, "seats", "一半"),
    ({"seats": (replace(SEATS[0], votes=37), *SEATS[1:])}, "seats", "多于实到"),
    ({"seats": (*SEATS, SEATS[2])}, "seats", "写了两次"),
    ({"seats": (*SEATS, *(Seat("union", f"委员{n}", "委员", 30) for n in range(5)))}, "seats", "3 到 7 人"),
]


@pytest.mark.parametrize(("given", "field", "words"), BAD_ELECTIONS)
def test_elections_out_of_order_are_refused(
    cadre: Cadre, employer: EmployerOf, given: dict[str, Any], field: str, words: str
) -> None:
    founding = founding_at(cadre(TOWN), "preparing", employer())
    with pytest.raises(BadInput) as refused:
        actions.record_founding_election(cadre(TOWN), founding.pk, election(**given))
    assert words in refused.value.fields[field]
    founding.refresh_from_db()
    assert founding.election is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"seal_on": date(2026, 11, 25)}, "seal_on"),
        ({"seal_on": date(2026, 11, 23)}, "seal_on"),
        ({"certificate_on": date(2026, 11, 1)}, "certificate_on"),
        ({"uscc": "91350100M000100Y43"}, "uscc"),
        ({"uscc": "81610502000000001A"}, "uscc"),
    ],
)
def test_the_last_step_is_refused_at_its_field(
    cadre: Cadre, employer: EmployerOf, given: dict[str, Any], field: str
) -> None:
    founding = founding_at(cadre(TOWN), "approved", employer())
    with pytest.raises(BadInput) as refused:
        actions.complete_founding(cadre(TOWN), founding.pk, **{"seal_on": date(2026, 11, 24), **given})
    assert list(refused.value.fields) == [field]
    founding.refresh_from_db()
    assert (founding.state, founding.seal_on) == ("approved", None)


def test_an_approval_of_tomorrow_waits(cadre: Cadre, employer: EmployerOf) -> None:
    town = cadre(TOWN)
    founding = founding_at(town, "reported", employer())
    seal(town, actions.issue_founding_paper(town, founding.pk), dated_on=date(2026, 12, 1))
    with pytest.raises(BadInput, match="不能晚于今天"):
        actions.approve_founding(town, founding.pk)


def test_the_paper_reaches_the_union_below(cadre: Cadre, employer: EmployerOf) -> None:
    village = "610502001001"
    founding = actions.start_founding(cadre(village), parent_code=village, employer=employer())
    seal(cadre(village), actions.issue_founding_paper(cadre(village), founding.pk))
    actions.apply_founding(cadre(village), founding.pk)
    reply = actions.issue_founding_paper(cadre(TOWN), founding.pk)
    with pytest.raises(NotFound):
        get_paper(cadre(village), reply.pk)
    seal(cadre(TOWN), reply)
    assert get_paper(cadre(village), reply.pk).state == "sealed"
    with pytest.raises(Forbidden):
        papers.write_paper(cadre(village), reply.pk, number="", dated_on=DAY, text="改")

"""Terms that end: reminders, the list, and a re-election from its request to the new term."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.core.organizations.small_city import AT
from tests.core.organizations.workflows import another, election, founding_at, reelection_at, seal
from unionhome.core.figures.queries import get_value
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, queries, rules
from unionhome.core.organizations.models import Committee, Organization, OrganizationChange, Reelection
from unionhome.core.papers.models import Paper
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit.dates import Period, months_after

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
TODAY = timezone.localdate(AT)
TOWN = "610502001"


@pytest.fixture
def ending(union: Organization, cadre: Cadre) -> Callable[[int], Organization]:
    """The enterprise union with so many days left of its term."""

    def make(left: int) -> Organization:
        ends_on = TODAY + timedelta(days=left)
        Organization.objects.filter(pk=union.pk).update(
            term_no=2, term_years=3, term_starts_on=date(2022, 1, 1), term_ends_on=ends_on, members_count=40
        )
        return Organization.objects.select_related("node").get(pk=union.pk)

    return make


@pytest.mark.parametrize(
    ("left", "stage", "reminder"),
    [
        (181, "running", 180),
        (180, "due", 180),
        (91, "due", 180),
        (90, "soon", 90),
        (31, "soon", 90),
        (30, "urgent", 30),
        (0, "urgent", 30),
        (-1, "overdue", 0),
        (-184, "overdue", 0),
        (-185, "late", -1),
    ],
)
def test_stages_follow_from_days(left: int, stage: str, reminder: int) -> None:
    ends_on = TODAY + timedelta(days=left)
    terms = rules.TermRules((180, 90, 30), 6)
    assert terms.stage(ends_on, TODAY) == stage
    assert terms.reminder(ends_on, TODAY) == reminder


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(1, 12))
def test_a_term_is_late_from_the_day_after_the_longest_delay(ends_on: date, after: int, months: int) -> None:
    """Ends of months of unequal length included: 28 February put off by six months is late on 29 August."""
    today = ends_on + timedelta(days=after)
    is_late = rules.TermRules((180, 90, 30), months).stage(ends_on, today) == "late"
    assert is_late == (today > months_after(ends_on, months))


def test_words_of_a_stage_follow_the_numbers_in_force() -> None:
    terms = rules.TermRules((150, 60), 3)
    assert [terms.label(name) for name in (*rules.STAGES, "running")] == [
        "150 天内届满",
        "60 天内届满",
        "",
        "超期未换届",
        "超期三个月以上",
        "",
    ]


@pytest.mark.parametrize("left", [181, 180, 91, 90, 31, 30, 0, -1, -184, -185])
def test_the_list_and_its_counts_agree_with_the_rule(
    ending: Callable[[int], Organization], cadre: Cadre, left: int
) -> None:
    """The database's ranges and the pure rule draw the same lines."""
    one = ending(left)
    assert one.term_ends_on is not None
    stage = queries.get_term_rules(TODAY).stage(one.term_ends_on, TODAY)
    counts = queries.count_stages(cadre(TOWN))
    for name in rules.STAGES:
        listed = [row.pk for row in queries.list_terms(cadre(TOWN), stage=name)]
        assert listed == ([one.pk] if name == stage else [])
        assert counts[name] == len(listed)
    assert counts["total"] == (0 if stage == "running" else 1)
    assert not queries.list_terms(cadre("610503"))


def test_reminders_come_once_a_threshold(ending: Callable[[int], Organization], system: Actor) -> None:
    one = ending(170)
    assert (actions.announce_terms(system), actions.announce_terms(system)) == (1, 0)
    item = WorkItem.objects.get(model="organizations.reelection", closed_at=None)
    assert (item.node_id, item.title) == (one.pk, f"{one.node.name}换届：180 天内届满")
    for days, words in ((85, "90 天内届满"), (145, "30 天内届满"), (171, "超期未换届"), (400, "超期六个月以上")):
        later = Actor.system("tests", AT + timedelta(days=days))
        assert (actions.announce_terms(later), actions.announce_terms(later)) == (1, 0)
        item.refresh_from_db()
        assert item.title.endswith(words)
    assert Entry.objects.filter(kind="organizations.reelection.reminded").count() == 4
    assert Reelection.objects.count() == 1


def test_the_union_above_sees_the_reminder(ending: Callable[[int], Organization], system: Actor, cadre: Cadre) -> None:
    from unionhome.core.workflow.queries import list_items

    one = ending(20)
    actions.announce_terms(system)
    for code in (one.node.code, TOWN, "610502", "610500"):
        assert [item.kind_label for item in list_items(cadre(code))] == ["换届"], code
    assert not list_items(cadre("610503"))


def test_a_term_entered_anew_or_a_dissolved_union_lapses(ending: Callable[[int], Organization], system: Actor) -> None:
    one = ending(20)
    actions.announce_terms(system)
    Organization.objects.filter(pk=one.pk).update(term_ends_on=TODAY + timedelta(days=900))
    actions.announce_terms(system)
    assert Reelection.objects.get().state == "dropped"
    assert not WorkItem.objects.filter(closed_at=None).exists()
    one = ending(20)
    actions.announce_terms(system)
    Organization.objects.filter(pk=one.pk).update(status="dissolved")
    actions.announce_terms(system)
    assert set(Reelection.objects.values_list("state", flat=True)) == {"dropped"}
    assert _on_time(one) is None


def test_one_that_fell_due_and_lapsed_was_not_in_time(ending: Callable[[int], Organization], system: Actor) -> None:
    """Writing another term over one that is over, or dissolving the union, does not make the rate better."""
    one = ending(-5)
    actions.announce_terms(system)
    assert _on_time(one) == 0
    Organization.objects.filter(pk=one.pk).update(term_ends_on=TODAY + timedelta(days=900))
    actions.announce_terms(system)
    assert (Reelection.objects.get().state, _on_time(one)) == ("lapsed", 0)
    assert not WorkItem.objects.filter(closed_at=None).exists()


def _on_time(union: Organization) -> float | None:
    value = get_value(
        Actor.system("tests", AT),
        "organizations.timely_reelections",
        union.node,
        Period(date(2026, 1, 1), date(2026, 12, 31)),
    )
    return value.raw


def test_who_files_does_not_approve(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    town = cadre(TOWN)
    reelection = reelection_at(town, "reported", ending(20))
    seal(town, actions.issue_term_paper(town, reelection.pk))
    with pytest.raises(Refused) as refused:
        actions.approve_reelection(town, reelection.pk)
    assert refused.value.code == "same-person"
    assert actions.approve_reelection(another(town), reelection.pk).state == "approved"


@pytest.mark.parametrize("kind", ["reelection", "founding"])
def test_who_enters_the_result_does_not_approve(
    ending: Callable[[int], Organization], cadre: Cadre, employer: Callable[..., Any], kind: str
) -> None:
    """Where another has begun and a third reports: the result was written by whoever approves."""
    town, writer, third = (replace(cadre(TOWN), user_id=number) for number in (11, 12, 13))
    if kind == "founding":
        row: Any = founding_at(town, "preparing", employer(name="渭南示例商行", uscc=""))
        actions.record_founding_election(writer, row.pk, election())
        seal(third, actions.issue_founding_paper(third, row.pk))
        actions.report_founding(third, row.pk)
        seal(third, actions.issue_founding_paper(third, row.pk))
        approve: Any = actions.approve_founding
    else:
        row = reelection_at(town, "started", ending(20))
        actions.record_term_election(writer, row.pk, election())
        seal(third, actions.issue_term_paper(third, row.pk))
        actions.report_reelection(third, row.pk)
        seal(third, actions.issue_term_paper(third, row.pk))
        approve = actions.approve_reelection
    with pytest.raises(Refused, match="“登记选举结果”是您办的") as refused:
        approve(writer, row.pk)
    assert refused.value.code == "same-person"
    assert approve(replace(third, user_id=14), row.pk).state == "approved"


def test_an_approved_election_opens_its_committees(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    """Those before close, with their seats; posts that are no seats go on."""
    town, one = cadre(TOWN), ending(20)
    for kind in ("union", "audit", "women"):
        actions.set_committee(town, one.pk, kind=kind, seats_count=5, starts_on=date(2022, 1, 1))
    for post, name in (("主席", "旧示例"), ("财务委员", "老示例"), ("专职干部", "干示例")):
        actions.appoint_officer(town, one, name=name, post=post, starts_on=date(2022, 1, 1))
    reelection_at(town, "approved", one)
    day = date(2026, 11, 24)
    before = {row.kind: row for row in Committee.objects.filter(organization=one, ends_on=day)}
    now = {row.kind: row for row in Committee.objects.filter(organization=one, ends_on=None)}
    assert set(before) == {"union", "audit", "women"}
    assert {kind: (row.seats_count, row.starts_on) for kind, row in now.items()} == {
        "union": (3, day), "audit": (3, day), "women": (1, day),
    }  # fmt: skip
    assert now["union"].source == "换届批复 人民街工发〔2026〕8号"
    standing = {officer.name for officer in queries.list_officers(one, day)}
    assert "干示例" in standing and not {"旧示例", "老示例"} & standing
    boards = queries.get_boards(one, day).boards
    assert [(board.kind, board.committee == now[board.kind], board.vacant) for board in boards] == [
        ("union", True, 0), ("audit", True, 0), ("women", True, 0),
    ]  # fmt: skip


def test_from_request_to_the_new_term(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    one = ending(20)
    own, town = cadre(one.node.code), cadre(TOWN)
    actions.appoint_officer(town, one, name="旧示例", post="主席", starts_on=date(2022, 1, 1))
    reelection = reelection_at(own, "reported", one)
    assert WorkItem.objects.get(closed_at=None, table="organizations.reelection").node.code == TOWN
    with pytest.raises(Forbidden):
        actions.issue_term_paper(own, reelection.pk)
    with pytest.raises(Refused, match="要由另一个人来办"):
        actions.approve_reelection(own, reelection.pk)
    with pytest.raises(Refused, match="工会法第十二条"):
        actions.approve_reelection(another(own), reelection.pk)
    seal(town, actions.issue_term_paper(town, reelection.pk), number="人民街工发〔2026〕9号")
    done = actions.approve_reelection(another(town), reelection.pk)
    assert (done.state, done.is_on_time, done.approval_no) == ("approved", True, "人民街工发〔2026〕9号")
    one.refresh_from_db()
    assert (one.term_no, one.term_starts_on, one.term_ends_on) == (3, date(2026, 11, 24), date(2029, 11, 23))
    assert one.sources["term_no"] == ["换届批复", "2026-11-24"]
    before, after = date(2026, 11, 23), date(2026, 11, 24)
    assert [officer.name for officer in queries.list_officers(one, before)] == ["旧示例"]
    assert "旧示例" not in [officer.name for officer in queries.list_officers(one, after)]
    assert len(queries.list_officers(one, after)) == 7
    assert OrganizationChange.objects.filter(node=one.pk, kind="changed").exists()
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert actions.approve_reelection.__name__ and Paper.objects.filter(state="sealed").count() == 3


def test_an_election_after_the_end_is_late(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    one = ending(-10)
    assert reelection_at(cadre(TOWN), "approved", one).is_on_time is False


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        ("due", "begin_reelection", "换届请示还没有盖章回传"),
        ("started", "report_reelection", "先登记选举结果"),
        ("reported", "approve_reelection", "换届批复还没有盖章回传"),
    ],
)
def test_no_step_without_its_sealed_paper(
    ending: Callable[[int], Organization], cadre: Cadre, state: str, act: str, sentence: str
) -> None:
    reelection = reelection_at(cadre(TOWN), state, ending(20))
    with pytest.raises(Refused, match=sentence):
        getattr(actions, act)(another(cadre(TOWN)), reelection.pk)


def test_a_returned_election_is_held_again(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    town = cadre(TOWN)
    reelection = reelection_at(town, "reported", ending(20))
    reelection = actions.return_term_election(town, reelection.pk, reason="没有过半")
    assert (reelection.state, reelection.election) == ("started", None)
    with pytest.raises(Refused, match="先登记选举结果"):
        actions.report_reelection(town, reelection.pk)
    actions.record_term_election(town, reelection.pk, election())
    with pytest.raises(Refused, match="报告还没有盖章"):
        actions.report_reelection(town, reelection.pk)


@pytest.mark.parametrize(
    ("given", "field"), [({"held_on": date(2021, 1, 1)}, "held_on"), ({"principal_name": ""}, "principal_name")]
)
def test_elections_out_of_order_are_refused(
    ending: Callable[[int], Organization], cadre: Cadre, given: dict[str, Any], field: str
) -> None:
    reelection = reelection_at(cadre(TOWN), "started", ending(20))
    with pytest.raises(BadInput) as refused:
        actions.record_term_election(cadre(TOWN), reelection.pk, election(**given))
    assert field in refused.value.fields


def test_who_may_open_one(ending: Callable[[int], Organization], cadre: Cadre) -> None:
    one = ending(900)
    with pytest.raises(NotFound):
        actions.open_reelection(cadre("610503"), one.pk)
    with pytest.raises(Forbidden):
        actions.open_reelection(cadre(TOWN, "chair"), one.pk)
    first, again = (actions.open_reelection(cadre(one.node.code), one.pk) for _ in range(2))
    assert first.pk == again.pk
    Organization.objects.filter(pk=one.pk).update(term_ends_on=None)
    Reelection.objects.all().delete()
    with pytest.raises(Refused, match="没有登记本届"):
        actions.open_reelection(cadre(TOWN), one.pk)


def test_a_federation_serves_five_years(tree: Any, cadre: Cadre, system: Actor) -> None:
    town = Organization.objects.select_related("node").get(node__code=TOWN)
    Organization.objects.filter(pk=town.pk).update(term_starts_on=date(2021, 12, 1), term_ends_on=date(2026, 11, 30))
    reelection = reelection_at(system, "started", Organization.objects.get(pk=town.pk))
    assert reelection.approver.code == "610502"
    with pytest.raises(BadInput) as refused:
        actions.record_term_election(system, reelection.pk, election(principal_name="", assembly="delegates"))
    assert list(refused.value.fields) == ["term_years"]
    actions.record_term_election(system, reelection.pk, election(principal_name="", assembly="delegates", term_years=5))

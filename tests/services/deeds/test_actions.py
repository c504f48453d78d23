"""A deed from the wish to the published result, with every refusal on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.moves import picture
from tests.services.deeds.conftest import GIVEN, PHOTO, done_of, listing_of, walk
from unionhome.core.cases.models import Case
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.journal.models import Entry as Journal
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import Step, WorkItem
from unionhome.services.deeds import actions, queries
from unionhome.services.deeds.actions import Proof
from unionhome.services.deeds.models import Deed, DeedNeed, DeedRating
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = pytest.mark.django_db


def item_of(deed):
    return WorkItem.objects.filter(model="deeds.deed", object_id=deed.pk, closed_at=None).first()


def test_the_whole_way_with_one_item_for_each_waiting_act(world, deed):
    row = deed(proofs=(Proof("现在.jpg", picture(), "before"),), submit_key="a" * 32)
    assert row == deed(submit_key="a" * 32) and Deed.objects.count() == 1
    assert (row.number, row.state, row.node) == ("SS-2026-0001", "collected", world.nodes["town"])
    turns = []
    for verb in ("list", "take", "finish", "check", "strike_off", "rate", "publish"):
        fresh = Deed.objects.exclude(pk=row.pk).count()
        one = walk(world, deed(given=replace(GIVEN, title=f"第{fresh}件")), verb)
        item = item_of(one)
        turns.append((one.state, item.node.level if item else "", bool(item and item.due_at)))
    assert turns == [
        ("listed", "town", True),
        ("taken", "town", True),
        ("done", "county", True),
        ("checked", "county", True),
        ("struck_off", "county", False),
        ("rated", "county", True),
        ("published", "", False),
    ]


def test_the_strike_off_leaves_one_service_record(world, deed):
    row = walk(world, deed(), "check", done=done_of(world, times=300))
    county = world.actor("county")
    for _ in range(2):
        actions.strike_off_deed(county, row.pk, submit_key="b" * 32)
    record = ServiceRecord.objects.get(service="deeds.done")
    assert (record.head_count, record.amount_fen, record.node, record.on) == (
        300, 360_000, world.nodes["town"], world.today,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.people_count, row.service_count, row.is_on_time, row.struck_on) == (240, 300, True, world.today)
    with pytest.raises(Refused):
        actions.strike_off_deed(county, row.pk)
    assert ServiceRecord.objects.count() == 1


def test_done_after_the_day_promised_is_not_on_time(world, deed):
    row = walk(world, deed(), "take", promised=3)
    assert not queries.count_deeds(world.actor("county"))["late"]
    world.wait(days=5)
    assert queries.count_deeds(world.actor("county"))["late"] == 1
    (union,) = queries.list_unions(world.actor("chair"), 2026)
    assert (union["listed_count"], union["taken_count"], union["done_count"], union["late_count"]) == (1, 1, 0, 1)
    actions.finish_deed(world.actor("town"), row.pk, done_of(world), proofs=(PHOTO,))
    actions.check_deed(world.actor("county"), row.pk, text="看了。")
    assert actions.strike_off_deed(world.actor("county"), row.pk).is_on_time is False


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": "  "}, "title"),
        ({"wanted": ""}, "wanted"),
        ({"origin": "nobody"}, "origin"),
        ({"people_count": 0}, "people_count"),
    ],
)
def test_what_is_no_proposal_is_refused_at_its_field(deed, changes, name):
    with pytest.raises(BadInput) as refused:
        deed(given=replace(GIVEN, **changes))
    assert name in refused.value.fields and not Deed.objects.exists()


def refusals(world, row):
    """Every act that is refused, at its stage: what is tried, the code, the field."""
    town, county, city = (world.actor(name) for name in ("town", "county", "city"))
    tomorrow, nodes = world.today + timedelta(days=1), world.nodes

    def listing(**changes):
        return lambda: actions.list_deed(county, row.pk, listing_of(world, **changes))

    def take(**changes):
        days = {"taken_on": world.today, "due_on": tomorrow} | changes
        return lambda: actions.take_deed(town, row.pk, **days)

    def finish(proofs=(PHOTO,), **changes):
        return lambda: actions.finish_deed(town, row.pk, done_of(world, **changes), proofs=proofs)

    yield "", listing(owner=nodes["other_county"]), "forbidden", ""
    yield "", listing(node=nodes["other_town"], owner=nodes["town"]), "bad-union", "union"
    yield "", listing(owner=nodes["village"]), "bad-owner", "owner"
    yield "", listing(year=1999), "bad-year", "year"
    yield "", listing(listed_on=tomorrow), "bad-listed-on", "listed_on"
    yield "", take(), "wrong-state", ""
    yield "", finish(), "wrong-state", ""
    yield "", lambda: actions.drop_deed(town, row.pk, reason=" "), "reason-missing", "reason"
    yield "list", take(taken_on=tomorrow), "bad-taken-on", "taken_on"
    yield "list", take(taken_on=world.today - timedelta(days=1)), "bad-taken-on", "taken_on"
    yield "list", take(due_on=world.today - timedelta(days=1)), "bad-due-on", "due_on"
    yield "list", lambda: actions.drop_deed(town, row.pk, reason="没有钱"), "guard-drop", ""
    yield "list", lambda: actions.edit_deed(town, row.pk, GIVEN), "already-listed", ""
    yield "take", finish(proofs=()), "evidence-missing", "photos"
    yield "take", finish(proofs=(replace(PHOTO, stage="before"),)), "evidence-missing", "photos"
    yield "take", finish(proofs=(Proof("a.jpg", b"<svg onload=x>"),)), "image.kind", "photos"
    yield "take", finish(proofs=(Proof("a.exe", b"MZ\0\0", "paper"),)), "document.kind", "papers"
    yield "take", finish(on=tomorrow), "bad-done-on", "done_on"
    yield "take", finish(text=" "), "text-missing", "text"
    yield "take", finish(people_count=0), "bad-people-count", "people_count"
    yield "take", finish(times=100), "bad-times", "times"
    yield "take", finish(cost_fen=-1), "bad-cost-fen", "cost_fen"
    yield "take", finish(cost_fen=None), "bad-cost-fen", "cost_fen"
    yield "take", finish(cost_source=" "), "bad-cost-source", "cost_source"
    yield "take", finish(people_kind="nobody"), "bad-kind", "people_kind"
    yield "finish", lambda: actions.check_deed(town, row.pk, text="自己看了"), "same-person", ""
    yield "finish", lambda: actions.send_back_deed(town, row.pk, reason="自己退"), "same-person", ""
    yield "finish", lambda: actions.check_deed(world.actor("mate"), row.pk, text="同事看了"), "guard-check", ""
    yield "finish", lambda: actions.check_deed(county, row.pk, text=""), "text-missing", "text"
    yield "finish", lambda: actions.strike_off_deed(county, row.pk), "wrong-state", ""
    yield "check", lambda: actions.strike_off_deed(town, row.pk), "same-person", ""
    yield "check", lambda: actions.strike_off_deed(world.actor("mate"), row.pk), "guard-strike-off", ""
    yield "check", lambda: actions.add_evidence(town, row.pk, (PHOTO,)), "already-checked", ""
    yield "strike_off", lambda: actions.publish_deed(county, row.pk, shows_nobody=True), "wrong-state", ""
    yield "rate", lambda: actions.publish_deed(world.actor("mate"), row.pk, shows_nobody=True), "guard-publish", ""
    yield "rate", lambda: actions.keep_deed(city, row.pk, reason=""), "reason-missing", "reason"
    yield "publish", lambda: actions.drop_deed(city, row.pk, reason="不办"), "wrong-state", ""


@pytest.mark.parametrize("stage", ["", "list", "take", "finish", "check", "strike_off", "rate", "publish"])
def test_every_refusal_of_a_stage(world, deed, stage):
    world.cadre("mate", "town")
    row = deed()
    if stage:
        walk(world, row, stage)
    before = (row.state, Step.objects.count(), Journal.objects.count())
    wrong = []
    for when, act, code, name in refusals(world, row):
        if when != stage:
            continue
        with pytest.raises(Refused) as refused:
            act()
        if refused.value.code != code or (name and name not in refused.value.fields):
            wrong.append((code, name, refused.value.code, refused.value.fields))
    row.refresh_from_db()
    assert not wrong and (row.state, Step.objects.count(), Journal.objects.count()) == before


@pytest.mark.parametrize("name", ["other_town", "other_county", "other_union"])
def test_another_branch_finds_nothing(world, deed, name):
    row = walk(world, deed(), "take")
    other = world.actor(name)
    assert not queries.list_deeds(other).exists() and queries.count_deeds(other)["all"] == 0
    for act in (
        lambda: queries.get_deed(other, row.pk),
        lambda: actions.take_deed(other, row.pk, taken_on=world.today, due_on=world.today),
        lambda: actions.finish_deed(other, row.pk, done_of(world), proofs=(PHOTO,)),
        lambda: actions.check_deed(other, row.pk, text="看了"),
        lambda: actions.tie_needs(other, row.pk, []),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        actions.propose_deed(other, world.nodes["town"], GIVEN)


def test_the_same_key_twice_is_one_act_and_no_ticket_for_another(world, deed):
    row, town = walk(world, deed(), "list"), world.actor("town")
    days = {"taken_on": world.today, "due_on": world.today + timedelta(days=9)}
    for _ in range(2):
        actions.take_deed(town, row.pk, **days, submit_key="c" * 32)
    for _ in range(2):
        actions.add_evidence(town, row.pk, (PHOTO,), submit_key="d" * 32)
    assert len(queries.list_evidence(row)["after"]) == 1
    with pytest.raises(BadInput) as refused:
        actions.finish_deed(town, row.pk, done_of(world), proofs=(PHOTO,), submit_key="c" * 32)
    assert refused.value.code == "key-used"
    for _ in range(2):
        actions.finish_deed(town, row.pk, done_of(world), submit_key="e" * 32)
    assert Step.objects.filter(object_id=row.pk, verb__in=("take", "finish")).count() == 2


def test_pictures_lose_what_they_tell_and_the_original_is_never_sent(world, deed):
    row = walk(world, deed(), "finish")
    (shown,) = queries.list_evidence(row)["after"]
    original = SealedFile.objects.get(kind=Kind.ORIGINAL)
    assert shown.of == original and queries.get_file(row, shown.pk) == shown
    with pytest.raises(NotFound):
        queries.get_file(row, original.pk)


# -- workers ---------------------------------------------------------------------------------------------------------------


def rated(world, row, **changes):
    facts = {"score": "satisfied", "text": "水是热的"} | changes
    return actions.rate_deed(world.actor("worker"), row.pk, **facts)


def own_need(world, **changes):
    """A need of the worker's, handled by the town."""
    facts = {"category": "hardship", "text": "工地没有热水。", "phone": "19900000001", "hide_from_employer": False}
    case, _ = report_need(world.actor("worker"), Need(**(facts | changes)))
    Case.objects.filter(pk=case.pk).update(node=world.nodes["town"])
    case.refresh_from_db()
    return case


def test_a_worker_rates_once_and_only_in_its_days(world, deed):
    row = deed(case_ids=[own_need(world).pk])
    walk(world, row, "check")
    with pytest.raises(Refused) as refused:
        rated(world, row)
    assert refused.value.code == "not-rateable"
    actions.strike_off_deed(world.actor("county"), row.pk)
    for changes, name in (({"score": "best"}, "score"), ({"text": "好" * 201}, "text")):
        with pytest.raises(BadInput) as refused:
            rated(world, row, **changes)
        assert name in refused.value.fields
    with pytest.raises(NotFound):
        actions.rate_deed(world.actor("outsider"), row.pk, score="not")
    one = rated(world, row, submit_key="f" * 32)
    assert rated(world, row, submit_key="f" * 32) == one
    with pytest.raises(Refused) as refused:
        rated(world, row, score="not")
    assert refused.value.code == "already-rated"
    assert queries.list_words(row) == [("满意", "水是热的")] and DeedRating.objects.count() == 1
    world.wait(days=15)
    assert not actions.close_ratings(world.actor("system"))
    world.wait(days=1)
    assert actions.close_ratings(world.actor("system")) == 1 and not actions.close_ratings(world.actor("system"))


def test_pictures_are_everybodys_only_once_the_publisher_saw_nobody_on_them(world, deed):
    row = walk(world, deed(), "rate")
    (photo,) = queries.list_evidence(row)["after"]
    with pytest.raises(NotFound):
        queries.get_file(queries.get_open_deed(row.pk), photo.pk, is_public=True)
    row = actions.publish_deed(world.actor("county"), row.pk, shows_nobody=False)
    with pytest.raises(NotFound):
        queries.get_file(row, photo.pk, is_public=True)
    row = walk(world, deed(), "publish")
    (photo,) = queries.list_evidence(row)["after"]
    assert queries.get_file(queries.get_open_deed(row.pk), photo.pk, is_public=True) == photo


def test_a_list_that_is_not_open_is_nobodys_to_read_and_waits_for_no_rating(world, deed):
    row = walk(world, deed(), "strike_off", listing=listing_of(world, is_open=False))
    assert row.rating_ends_on == world.today and not queries.list_open(2026).exists()
    with pytest.raises(NotFound):
        queries.get_open_deed(row.pk)


# -- needs of many ---------------------------------------------------------------------------------------------------------


def test_needs_of_many_become_one_deed_and_no_hidden_one_does(world, deed):
    town = world.actor("town")
    first, second = own_need(world), own_need(world)
    row = deed(case_ids=[first.pk])
    for _ in range(2):
        actions.tie_needs(town, row.pk, [first.pk, second.pk])
    assert queries.count_needs(row) == 2 and queries.list_needs(town, row) == [first, second]
    hidden = own_need(world)
    Case.objects.filter(pk=hidden.pk).update(hidden_path=world.nodes["union"].path)
    with pytest.raises(Refused) as refused:
        actions.tie_needs(town, row.pk, [hidden.pk])
    assert refused.value.code == "hidden-need"
    with pytest.raises(Refused) as refused:
        deed(case_ids=[first.pk])
    assert refused.value.code == "tied-elsewhere" and Deed.objects.count() == 1
    with pytest.raises(NotFound):
        actions.tie_needs(world.actor("town"), row.pk, [10**6])
    Case.objects.filter(pk=first.pk).update(hidden_path=world.nodes["union"].path)
    first.refresh_from_db()
    assert queries.count_needs(row) == 1 and queries.list_needs(town, row) == [second]
    assert queries.find_deed_of(first) is None and queries.find_deed_of(second) == row
    actions.untie_need(town, row.pk, second.pk)
    assert not queries.count_needs(row)
    walk(world, row, "finish")
    for act in (
        lambda: actions.tie_needs(town, row.pk, [second.pk]),
        lambda: actions.untie_need(town, row.pk, first.pk),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "already-done"
    assert DeedNeed.objects.count() == 1

"""Mass matters: recognised, rung until taken, reported upwards, seen by few and never by the employer's union."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.worlds import World
from unionhome.core.access.actions import set_absence
from unionhome.core.access.models import User
from unionhome.core.access.rules import PHONE_FIELD
from unionhome.core.cases import actions, queries
from unionhome.core.cases.actions import NewCase, open_case
from unionhome.core.cases.models import Case, MassMatter
from unionhome.core.cases.rules import UnionFacts, choose_mass_path, count_apart
from unionhome.core.journal.actions import deliver_batch
from unionhome.core.notices.models import Notice
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import BadInput, Forbidden, NotFound, Refused
from unionhome.core.workflow.models import WorkItem
from unionhome.kit import crypto

pytestmark = pytest.mark.django_db
Make = Callable[..., Case]


@pytest.fixture
def make(world: World) -> Make:
    """One more matter about the works, at the town and by another phone each time."""
    place = Division.objects.create(code="610502001000", name="人民街道", level="town", prefix="610502001", year=2024)
    works = Employer.objects.create(
        name="渭南示例速运有限公司", division=place, union=world.nodes["union"], created_at=world.at
    )
    numbers = iter(range(100))

    def one(place: str = "town", **changes: object) -> Case:
        facts: dict[str, object] = {
            "kind": "helpdesk.need", "category": "wages", "text": "三个月没发工资。", "node": world.nodes[place],
            "origin": "walk_in", "phone": f"199000003{next(numbers):02d}", "employer": works,
        }  # fmt: skip
        return open_case(world.actor(place), NewCase(**(facts | changes)))[0]  # type: ignore[arg-type]

    return one


def told(kind: str, **facts: object) -> set[str]:
    rows = Notice.objects.filter(kind=kind, user__isnull=False, **facts)
    return set(rows.values_list("user__username", flat=True))


def fresh(case: Case) -> Case:
    return Case.objects.select_related("node").get(pk=case.pk)


def sees(world: World, name: str, case: Case) -> bool:
    try:
        queries.get_case(world.actor(name), case.pk)
    except NotFound:
        return False
    return True


def tell_all(world: World) -> None:
    while deliver_batch(world.actor("system")):
        pass


CITY = UnionFacts(1, "市", "0000", True, "city")
COUNTY = UnionFacts(2, "县", "00000000", True, "county")
TOWN = UnionFacts(3, "镇", "000000000000", True, "town")


@pytest.mark.parametrize(
    ("above", "paths", "hidden", "expected"),
    [
        ((TOWN, COUNTY, CITY), ("000000000000",), "", COUNTY),
        ((TOWN, COUNTY, CITY), ("000000000000", "000000010000"), "", CITY),
        ((TOWN, COUNTY, CITY), ("000000000000",), "00000000", CITY),
        ((CITY,), ("0000",), "", CITY),
        ((TOWN,), ("000000000000",), "", None),
    ],
)
def test_the_nearest_county_or_city_over_all_of_them_has_it(above, paths, hidden, expected) -> None:
    assert choose_mass_path(above, paths, hidden) == expected


def test_who_shares_a_mark_is_one_person() -> None:
    rows = [(1, None, None, "a"), (2, 7, None, "a"), (3, 7, 9, ""), (4, None, None, ""), (5, None, None, "")]
    assert count_apart(rows) == 3
    assert count_apart([(1, None, None, "a"), (2, 8, None, "b"), (3, 8, None, "a")]) == 1


def test_the_fifth_person_of_an_employer_makes_one_and_the_sixth_joins(world: World, make: Make) -> None:
    handled, own = make(), make("union")
    actions.accept_case(world.actor("town"), handled.pk)
    rest = [make(), make()]
    other, twice = make(category="hardship"), make(phone="19900000300")
    tell_all(world)
    assert not MassMatter.objects.exists() and sees(world, "union", own)
    last = make()
    tell_all(world)
    matter = MassMatter.objects.get()
    assert (matter.node, matter.hidden_path) == (world.nodes["county"], world.nodes["union"].path)
    assert (matter.people_count, matter.ground, matter.state) == (5, "employer", "ringing")
    assert matter.due_at == world.at + timedelta(minutes=120)
    gathered = [handled, own, *rest, twice, last]
    for case in gathered:
        row = fresh(case)
        assert (row.mass, row.node, row.hidden_path) == (matter, matter.node, matter.hidden_path)
        assert not sees(world, "union", case) and sees(world, "county", case) and sees(world, "city", case)
        assert sees(world, "town", case), "who had one of them is named, and goes on"
        assert not sees(world, "village", case) and not sees(world, "other_town", case)
        assert WorkItem.objects.get(model="cases.case", object_id=case.pk).node == matter.node
    assert fresh(other).mass is None and fresh(other).node == world.nodes["town"]
    assert queries.list_named(matter, world.at) == [world.users["town"]]
    actions.add_note(world.actor("town"), own.pk, text="到厂门口了。")
    assert told("cases.mass") == {"county"} and told("cases.mass_reported") == {"city", "chair"}
    joined = make()
    tell_all(world)
    assert fresh(joined).mass == matter and MassMatter.objects.get().people_count == 6 and sees(world, "town", joined)
    count = Notice.objects.count()
    assert actions.recognise_mass(world.actor("system"), joined.pk) is None and Notice.objects.count() == count
    item = WorkItem.objects.get(model="cases.massmatter")
    assert (item.title, item.due_at, item.hidden_path) == (f"{matter}（6人）", matter.due_at, matter.hidden_path)


def test_old_news_and_a_place_without_words_ring_nobody(world: World, make: Make) -> None:
    cases = [make(employer=None, division=Division.objects.get(), place_text="") for _ in range(5)]
    assert [actions.recognise_mass(world.actor("system"), case.pk) for case in cases] == [None] * 5
    cases = [make(employer=None, division=Division.objects.get(), place_text="3号楼") for _ in range(5)]
    late = world.actor("system", at=world.at + timedelta(days=2))
    assert actions.recognise_mass(late, cases[-1].pk) is None
    found = actions.recognise_mass(world.actor("system"), cases[-1].pk)
    assert found is not None and (found.ground, found.hidden_path) == ("place", "")
    assert Case.objects.filter(mass=found).count() == 5


def test_it_rings_at_night_until_somebody_takes_it_each_time_one_level_higher(world: World, make: Make) -> None:
    county = world.users["county"]
    User.objects.filter(pk=county.pk).update(phone_sealed=crypto.seal("19900000777", field=PHONE_FIELD))
    world.cadre("mate", "county")
    set_absence(
        world.actor("county"), county.pk, stand_in_id=world.users["mate"].pk, starts_on=world.today, last_on=world.today
    )
    world.wait(hours=13)
    case = make()
    case = actions.report_mass(world.actor("town"), case.pk, people_count=30, text="堵在厂门口。")
    matter = MassMatter.objects.get()
    assert (matter.ground, matter.people_count) == ("people", 30) and sees(world, "town", case)
    text = Notice.objects.get(kind="cases.mass", channel="sms")
    assert text.is_urgent and text.due_at == world.at and text.address_shown and "速运" not in text.text
    system = world.actor("system")
    assert actions.ring_again(system) == 0
    for minutes, reached in ((10, {"county", "mate", "city", "chair"}), (20, {"county", "mate", "city", "chair"})):
        later = world.actor("system", at=world.at + timedelta(minutes=minutes))
        assert actions.ring_again(later) == 1 and actions.ring_again(later) == 0
        assert told("cases.mass", created_at=later.at) == reached
    taker = world.actor("county")
    for _ in range(2):
        actions.move_mass(taker, matter.pk, "take", submit_key="c" * 32)
    matter.refresh_from_db()
    assert (matter.state, matter.handler, matter.rings_at) == ("taken", county, None)
    assert actions.ring_again(world.actor("system", at=world.at + timedelta(hours=5))) == 0
    actions.move_mass(world.actor("county", at=world.at + timedelta(hours=1)), matter.pk, "reach", submit_key="d" * 32)
    actions.move_mass(world.actor("county", at=world.at + timedelta(hours=9)), matter.pk, "reach", submit_key="d" * 32)
    matter.refresh_from_db()
    assert matter.present_at == world.at + timedelta(hours=1)
    assert WorkItem.objects.get(model="cases.massmatter").due_at is None


def test_what_cannot_be_done_is_refused(world: World, make: Make) -> None:
    town, county, users = world.actor("town"), world.actor("county"), world.users
    case, other = make(), make()
    for people, text, field in ((9, "堵门。", "people_count"), (10**6, "堵门。", "people_count"), (10, " ", "text")):
        with pytest.raises(BadInput) as refusal:
            actions.report_mass(town, case.pk, people_count=people, text=text)
        assert field in refusal.value.fields
    actions.report_mass(town, case.pk, people_count=10, text="堵门。")
    matter = MassMatter.objects.get()
    for act, refused, words in (
        (lambda: actions.report_mass(town, case.pk, people_count=10, text="又来了。"), Refused, "不用再报"),
        (lambda: actions.refer_case(county, case.pk, node=world.nodes["town"], reason="近"), Refused, "只留在"),
        (lambda: actions.follow_case(county, other.pk, leader_id=case.pk), Refused, "不用再并"),
        (lambda: actions.move_mass(town, matter.pk, "take"), Forbidden, ""),
        (lambda: actions.move_mass(world.actor("union"), matter.pk, "take"), NotFound, ""),
        (lambda: actions.move_mass(county, matter.pk, "nothing"), NotFound, ""),
        (lambda: actions.move_mass(county, matter.pk, "reach"), Refused, ""),
        (lambda: actions.move_mass(county, matter.pk, "drop"), Refused, "原因"),
        (lambda: actions.name_for_mass(town, matter.pk, username="village"), Forbidden, ""),
        (lambda: actions.name_for_mass(county, matter.pk, username="union"), BadInput, "涉事单位"),
        (lambda: actions.name_for_mass(county, matter.pk, username="far_one"), BadInput, "没有这个登录名"),
    ):
        with pytest.raises(refused, match=words or None):
            act()
    actions.name_for_mass(county, matter.pk, username="village")
    assert sees(world, "village", case) and told("cases.mass_named") == {"village"}
    actions.unname_for_mass(county, matter.pk, users["village"].pk)
    assert not sees(world, "village", case)
    actions.move_mass(county, matter.pk, "drop", reason="只有两个人。")
    with pytest.raises(Refused, match="已经结束"):
        actions.name_for_mass(county, matter.pk, username="village")
    actions.refer_case(county, case.pk, node=world.nodes["town"], reason="不是群体性。")
    assert fresh(case).node == world.nodes["town"] and not sees(world, "union", case)


def test_pages_from_the_report_to_the_end(world: World, make: Make) -> None:
    case = make()
    town, county = world.client("town"), world.client("county")
    page = town.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "报告群体性" in page
    short = town.post(f"/desk/cases/{case.pk}/mass/", {"people_count": "3", "text": "堵门。"})
    assert short.status_code == 400 and "10人以上才算" in short.content.decode()
    assert town.post(f"/desk/cases/{case.pk}/mass/", {"people_count": "12", "text": "堵门。"}).status_code == 302
    matter = MassMatter.objects.get()
    base = f"/desk/cases/mass/{matter.pk}/"
    assert base in town.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "我来接手" not in town.get(base).content.decode()
    assert world.client("union").get(base).status_code == 404
    assert "没有群体性事项" in world.client("union").get("/desk/cases/mass/").content.decode()
    assert "12" in county.get("/desk/cases/mass/").content.decode()
    shown = county.get(base).content.decode()
    assert all(words in shown for words in ("我来接手", "叫了1次", case.number, "郑镇", "点名"))
    for verb, words in (("take", "周县"), ("reach", "到的")):
        assert county.post(f"{base}move/{verb}/", {}).status_code == 302
        assert words in county.get(base).content.decode()
    assert county.post(f"{base}move/end/", {}).status_code == 400
    assert county.post(f"{base}name/", {"username": "union"}).status_code == 400
    assert county.post(f"{base}name/", {"username": "village"}).status_code == 302
    assert county.post(f"{base}unname/{world.users['village'].pk}/", {}).status_code == 302
    assert county.post(f"{base}move/end/", {"reason": "工资发了。"}).status_code == 302
    assert "已平息" in county.get(base).content.decode()

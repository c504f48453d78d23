"""Search, scope and counts: what a branch sees and what it does not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.members.conftest import DOCUMENT, OTHER_DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.members import actions, queries
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import BadInput, NotFound
from unionhome.core.tree.actions import share_row
from unionhome.kit.pinyin import initials


def found(register: Register, who: str, text: str, union: str = "") -> list[str]:
    actor = register.world.actor(who)
    ids = queries.find_persons(actor, text, union_id=register.world.nodes[union].pk if union else None).ids
    return [person.name for person in queries.list_found(actor, ids)]


@pytest.mark.parametrize(
    "text", ["王建", "王建国", "wj", "WJG", DOCUMENT, DOCUMENT[-4:], WORKER_PHONE, WORKER_PHONE[-4:], "card"]
)
def test_a_member_is_found_by(register: Register, text: str) -> None:
    membership = register.member()
    register.enrol("union", 2, start=40)
    text = membership.card_no if text == "card" else text
    assert found(register, "county", text) == ["王建国"]


@pytest.mark.parametrize("text", ["建国", "jg", "王建军", "9999", "19900000077", "6105000000000000"])
def test_a_member_is_not_found_by(register: Register, text: str) -> None:
    register.member()
    assert found(register, "county", text) == []


@pytest.mark.parametrize("text", ["", "王", " 王 ", "w"])
def test_a_search_needs_two_signs(register: Register, text: str) -> None:
    register.member()
    with pytest.raises(BadInput):
        queries.find_persons(register.world.actor("county"), text)


@pytest.mark.parametrize("text", ["王建", "wjg", DOCUMENT, DOCUMENT[-4:], WORKER_PHONE])
@pytest.mark.parametrize("who", ["other_county", "other_town", "other_union", "village", "finance", "sysadmin"])
def test_nobody_beside_finds_a_member(register: Register, who: str, text: str) -> None:
    register.member()
    assert found(register, who, text) == []


@pytest.mark.parametrize("who", ["city", "county", "town", "union", "chair"])
def test_everybody_above_finds_a_member(register: Register, who: str) -> None:
    person = register.member().person
    assert found(register, who, "王建") == ["王建国"]
    assert queries.get_person(register.world.actor(who), person.pk) == person


def test_a_union_of_another_branch_lists_nobody(register: Register) -> None:
    register.enrol("union", 2)
    nodes, other = register.world.nodes, register.world.actor("other_county")
    assert not queries.list_persons(other, nodes["union"].pk).exists()
    assert queries.list_persons(register.world.actor("town"), nodes["union"].pk).count() == 2


def test_a_shared_person_is_seen_while_it_is_shared(register: Register) -> None:
    (person,) = register.enrol("union")
    other = register.world.actor("other_county")
    with pytest.raises(NotFound):
        queries.get_person(other, person.pk)
    share_row(
        register.world.actor("system"),
        "members.Person",
        person.pk,
        reason="转接",
        node=register.world.nodes["other_county"],
    )
    assert queries.get_person(other, person.pk) == person
    assert found(register, "other_county", person.name[:2]) == [person.name]
    assert found(register, "other_town", person.name[:2]) == []


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.parametrize("text", ["李小", "lx", "LX", "0007"])
def test_wide_and_narrow_branches_find_the_same(
    register: Register, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city is searched along the index of names, a town union by union: nobody may be lost or seen by either."""
    monkeypatch.setattr("unionhome.core.members.queries.searching.FEW", few)
    register.enrol("union", 2)
    register.enrol("far_town", 3, start=20)
    everybody = len(found(register, "city", text))
    if text != "0007":
        assert everybody == 5
    assert len(found(register, "county", text)) + len(found(register, "other_county", text)) == everybody
    assert len(found(register, "union", text, union="union")) == len(found(register, "union", text))


def test_a_union_is_searched_by_a_single_sign_too(register: Register) -> None:
    register.enrol("union", 2)
    register.enrol("far_town", 1, start=20)
    assert found(register, "union", "李", union="union") == ["李小明"] * 2
    assert found(register, "city", "l", union="union") == ["李小明"] * 2
    assert found(register, "other_county", "李", union="union") == []


def test_counts_are_capped_and_say_so(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register.enrol("union", 5)
    actor = register.world.actor("town")
    monkeypatch.setattr("unionhome.core.members.queries.searching.MOST_FOUND", 5)
    assert (len(queries.find_persons(actor, "李小").ids), queries.find_persons(actor, "李小").is_more) == (5, False)
    monkeypatch.setattr("unionhome.core.members.queries.searching.MOST_FOUND", 4)
    capped = queries.find_persons(actor, "李小")
    assert (len(capped.ids), capped.is_more, capped.total_text) == (4, True, "4+")
    client = register.world.client("town")
    page = client.get("/desk/members/", {"text": "李小"}).content.decode()
    assert "找到 4+ 人" in page
    assert "会员 4+" in client.get("/desk/search/", {"q": "李小"}).content.decode()


@pytest.mark.parametrize("name", ["单于明", "单雄信", "尉迟恭", "曾小明", "阿依古丽·买买提", "John Smith", "欧阳建国"])
def test_the_initials_of_a_beginning_are_the_beginning_of_the_initials(name: str) -> None:
    """Names are looked up by the initials of what was typed."""
    for length in range(2, len(name) + 1):
        assert initials(name).startswith(initials(name[:length]))


def test_counts_stay_within_the_branch_and_add_up(register: Register) -> None:
    register.enrol("union", 3)
    register.enrol("town", 2, start=10)
    register.enrol("far_town", 4, start=20)
    world = register.world
    assert queries.get_sums(world.actor("city"), world.nodes["city"]).members == 9
    assert queries.get_sums(world.actor("other_county"), world.nodes["city"]).members == 4
    assert queries.get_sums(world.actor("other_county"), world.nodes["county"]).members == 0
    overview = queries.get_overview(world.actor("city"))
    assert (overview.total, overview.own_count, sum(child.count for child in overview.children)) == (9, 0, 9)
    town = queries.get_overview(world.actor("county"), world.nodes["town"].pk)
    assert (town.total, town.own_count) == (5, 2)
    assert queries.get_overview(world.actor("other_county"), world.nodes["town"].pk).total == 4
    assert queries.get_sums(world.actor("county"), world.nodes["county"]).members == 5


def test_names_are_covered_above_the_union_that_keeps_the_file(register: Register) -> None:
    (person,) = register.enrol("union")
    for who, name in (("union", "李小明"), ("town", "李*明"), ("city", "李*明"), ("chair", "李*明")):
        actor = register.world.actor(who)
        rows = queries.list_rows(actor, queries.list_found(actor, queries.find_persons(actor, "李小").ids))
        assert [row.name for row in rows] == [name]
        assert get_clear_values(person)["document"] not in (rows[0].document, rows[0].phone)


def test_a_phone_that_two_have_belongs_to_nobody(register: Register) -> None:
    register.member()
    assert queries.find_phone_owner(WORKER_PHONE) is not None
    (other,) = register.enrol("union", start=500)
    actions.correct_facts(register.world.actor("union"), other.pk, {"phone": WORKER_PHONE})
    assert queries.find_phone_owner(WORKER_PHONE) is None
    assert found(register, "union", WORKER_PHONE) == ["李小明", "王建国"]


@pytest.mark.parametrize(
    ("url", "who"),
    [("/desk/members/?text=李小", "county"), ("/desk/members/", "city"), ("/desk/applications/?state=all", "county")],
)
def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_many(
    register: Register, url: str, who: str
) -> None:
    client = register.world.client(who)
    register.enrol("union", 1)
    register.apply()
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        assert client.get(url).status_code == 200
    register.enrol("union", 12, start=100)
    register.enrol("far_town", 3, start=200)
    register.apply("outsider", document=OTHER_DOCUMENT)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url).status_code == 200
    assert len(few) == len(many)
    assert len(many) < 30


def test_a_file_and_a_card_ask_the_same_however_long_the_history(register: Register) -> None:
    person = register.member().person
    union, worker = register.world.client("union"), register.world.client("worker")
    pages = ((union, f"/desk/members/{person.pk}/"), (worker, "/my/card/"))
    counts = []
    for _ in range(2):
        for client, url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
        for _ in range(6):
            actions.open_file(register.world.actor("county"), person.pk, reason="matter", parts=("phone",))
            actions.open_file(register.world.actor("union"), person.pk, reason="matter", parts=("document",))
    assert counts[:2] == counts[2:]
    assert max(counts) < 40

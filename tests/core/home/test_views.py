"""The start pages through the browser's door, and what the frame around every page shows."""

import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.home.conftest import Add
from tests.samples import build_samples
from tests.worlds import World
from unionhome.core.access.queries import get_actor
from unionhome.core.cases.actions import NewCase, open_case
from unionhome.core.home.queries import PAGE
from unionhome.core.home.shell import list_nav
from unionhome.core.policy.models import CalendarDay, CalendarYear
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def address(answer, label: str) -> str:
    """Where the link with that word leads."""
    found = re.search(rf'<a href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?{label}', answer.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def test_the_inbox_opens_with_what_waits_at_the_own_union(world: World, add: Add) -> None:
    add(2)
    add(1, place="village", title="村里的事")
    page = world.client("town").get("/desk/inbox/")
    assert "共2件" in words(page) and "村里的事" not in words(page)
    assert "共3件" in words(world.client("town").get("/desk/inbox/?view=all"))


def test_the_next_page_keeps_every_filter(world: World, add: Add) -> None:
    add(PAGE + 2, kind_label="入会")
    add(3)
    client = world.client("town")
    first = client.get("/desk/inbox/?view=all&kind=入会&union=own")
    assert "入会" in words(first) and f"共{PAGE + 2}件，这一页{PAGE}件" in words(first)
    second = client.get("/desk/inbox/" + address(first, "下一页"))
    assert f"共{PAGE + 2}件，这一页2件" in words(second)
    assert second.context["filters"][0]["value"] == "入会"
    assert not address(second, "下一页")
    assert words(client.get("/desk/inbox/" + address(second, "第一页"))) == words(first)


def test_a_broken_page_mark_is_a_sentence(world: World) -> None:
    answer = world.client("town").get("/desk/inbox/?cursor=x")
    assert answer.status_code == 400
    assert "翻页标记不对" in words(answer)


def test_many_overdue_open_by_themselves(world: World, add: Add) -> None:
    add(12, due=-5)
    add(1, due=1)
    client = world.client("town")
    page = client.get("/desk/inbox/")
    assert "已超时12还有7件，全部打开" in words(page)
    assert "今日到期1" in words(page)
    assert "共12件" in words(client.get("/desk/inbox/" + address(page, "还有7件"))), "the same list, overdue only"


def test_fifty_items_cost_what_five_cost(world: World, add: Add) -> None:
    client = world.client("city")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/inbox/?view=all").status_code == 200
        return len(seen.captured_queries)

    add(5, assignee=world.users["town"])
    cost()
    five = cost()
    add(45, assignee=world.users["town"])
    assert cost() == five


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-03-10 08:00", "08:30开始值班"),
        ("2026-03-10 10:00", "值班中，至12:00"),
        ("2026-03-10 12:00", "14:00开始值班"),
        ("2026-03-10 18:00", "今天值班已结束"),
        ("2026-03-14 10:00", "今天休息"),
        ("2026-03-11 10:00", "今天放假"),
        ("2026-03-15 10:00", "值班中，至12:00，调休上班"),
        ("2027-03-10 10:00", "值班中，至12:00（暂定）"),
    ],
)
def test_the_duty_line_follows_hours_and_calendar(world: World, moment: str, text: str) -> None:
    year = CalendarYear.objects.update_or_create(year=2026, defaults={"is_published": True})[0]
    for day, is_working in (("2026-03-11", False), ("2026-03-15", True)):
        CalendarDay.objects.update_or_create(on=day, defaults={"year": year, "is_working": is_working})
    world.at = datetime.fromisoformat(moment).replace(tzinfo=world.at.tzinfo)
    page = world.client("town").get("/desk/inbox/")
    assert page.context["duty_text"] == text
    assert text in words(page)
    assert (page.context["ribbon"] is None) == (text in ("今天放假", "今天休息"))


def test_the_bell_counts_what_the_actor_handles_and_leads_there(world: World, add: Add) -> None:
    add(2, assignee=world.users["town"])
    add(1, assignee=world.users["county"])
    client = world.client("town")
    page = client.get("/desk/cases/")
    assert 'aria-label="交给我办的，2件"' in page.content.decode()
    assert "共2件" in words(client.get("/desk/inbox/?view=all&who=me"))


def test_a_frame_shows_no_link_that_leads_nowhere(world: World) -> None:
    page = world.client("sysadmin").get("/desk/", follow=True).content.decode()
    assert "交给我办的" not in page and "/desk/search/" not in page
    assert "换一个工会" not in page
    assert 'href=""' not in page and 'href="#"' not in page


def test_the_search_wants_two_signs(world: World) -> None:
    assert "输入至少两个字" in words(world.client("town").get("/desk/search/?q=王"))
    assert "没有找到" in words(world.client("town").get("/desk/search/?q=没有这个人"))


def test_a_whole_number_is_searched_for_without_standing_in_an_address(world: World) -> None:
    client = world.client("town")
    assert client.post("/desk/search/", {"q": "建设"})["Location"] == "/desk/search/?q=%E5%BB%BA%E8%AE%BE"
    for number in (make_identity("610502", date(1986, 4, 12), 121), "19900000001", "１９９０００００００１"):
        answer = client.post("/desk/search/", {"q": number})
        assert answer.status_code == 200 and "没有找到" in words(answer)
    page = client.get("/desk/inbox/").content.decode()
    assert re.search(r'<form class="uh-search"[^>]* method="post"', page)


def test_the_inbox_shows_the_first_words_of_a_matter_with_numbers_masked(world: World) -> None:
    new = NewCase(
        "helpdesk.need", "other", "宿舍停暖了，打13900001234找我", world.nodes["town"], "phone", phone="19900000007"
    )
    open_case(world.actor("public"), new)
    page = words(world.client("town").get("/desk/inbox/?view=all"))
    assert "宿舍停暖了" in page and "13900001234" not in page
    assert "宿舍停暖了" not in words(world.client("auditor").get("/desk/inbox/?view=all"))


def test_everybody_gets_a_start_page(world: World) -> None:
    for name, path in (("town", "/desk/"), ("secadmin", "/desk/"), ("worker", "/my/"), ("public", "/")):
        assert world.client(name).get(path, follow=True).status_code == 200, name


def test_a_member_gets_the_membership_and_an_outsider_the_way_in(world: World) -> None:
    lot = build_samples(world, ("union",)).lots["union"][0]
    member = get_actor(lot.account, "my", world.at)
    assert member.person_id == lot.person.pk
    titles = {entry.label for entry in list_nav(member, "my")}
    assert "我的会籍" in titles and "入会" not in titles
    titles = {entry.label for entry in list_nav(world.actor("outsider"), "my")}
    assert "入会" in titles and "我的会籍" not in titles


@pytest.mark.parametrize(
    ("who", "home"),
    [("sysadmin", "/desk/users/"), ("secadmin", "/desk/grants/"), ("auditadmin", "/desk/journal/")],
)
def test_an_administrator_begins_at_the_own_duty(world: World, who: str, home: str) -> None:
    assert world.client(who).get("/desk/").headers["Location"] == home

"""The pages of mergers, splits, dissolutions, committees, employers and of the timeline."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.core.organizations.following import employers_of, enrol, joint, standing
from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Committee, CoveredUnit, Dissolution, Employer, Officer, Organization
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
DAY = "2026-03-02"


@pytest.fixture
def town(org_world: World) -> World:
    joint(org_world)
    enrol(org_world, "union", 6)
    return org_world


def url(node: Node, *parts: str) -> str:
    return "/".join(["/desk/organizations", str(node.pk), *parts, ""])


def test_a_merger_is_shown_before_it_is_done(town: World, client_for: ClientFor) -> None:
    client, page = client_for("town"), url(town.nodes["union"], "merge")
    given = {
        "direction": "into", "codes": "商户联合", "employers": "follow", "on": DAY, "reason": "大会决定",
        "submit_key": "a" * 32,
    }  # fmt: skip
    first = client.post(page, given)
    text = first.content.decode()
    assert first.status_code == 200 and "会发生什么" in text and "6 人" in text and "1 家" in text
    assert standing(town, "union") == 6, "nothing was written"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', text)
    assert seen is not None
    other = client.post(page, {**given, "reason": "另一个原因", "seen": seen[1]})
    assert other.status_code == 200 and standing(town, "union") == 6, "only what was seen is confirmed"
    done = client.post(page, {**given, "seen": seen[1]})
    assert done.headers["Location"] == url(town.nodes["joint"])
    assert (standing(town, "union"), standing(town, "joint")) == (0, 6)
    old = client.get(url(town.nodes["union"])).content.decode()
    assert "并入" in old and url(town.nodes["joint"]) in old


def test_several_are_taken_in_at_once(town: World, client_for: ClientFor) -> None:
    made = actions.found_union(
        town.actor("town"),
        parent_code="610502001",
        facts=actions.UnionFacts("示例小店联合工会", "joint", "610502001001", date(2021, 5, 1)),
    )
    page = url(town.nodes["joint"], "merge")
    given = {
        "direction": "from", "codes": f"{town.nodes['union'].code}\n{made.node.code}\n", "employers": "ended",
        "on": DAY, "reason": "大会决定", "submit_key": "b" * 32,
    }  # fmt: skip
    text = client_for("town").post(page, given).content.decode()
    assert text.count("并入 人民街道商户联合工会") == 2


@pytest.mark.parametrize(
    ("given", "words", "status"),
    [
        ({"codes": "999"}, "找不到工会：999", 400),
        ({"codes": ""}, 'id="id_codes_error"', 400),
        ({"codes": "联合工会" * 50}, "没有这样的工会", 400),
        ({"codes": "工会"}, "不止一个，请写明是哪一个", 400),
        ({"codes": "610502002-Q0001"}, "找不到工会", 400),
        ({"codes": "610502001\n610502"}, "只能并到一个工会", 400),
        ({"codes": "610502001-Q0001"}, "不能并到它自己", 400),
        ({"codes": "\0"}, "", 400),
        ({"codes": "、".join(f"第{n}工会" for n in range(51))}, "一次最多写 50 个工会", 400),
        ({"on": "2026-03-11"}, "不能晚于今天", 400),
        ({"reason": ""}, "", 400),
        ({"on": "昨天"}, "", 400),
    ],
)
def test_a_refused_merger_keeps_what_was_written(
    town: World, client_for: ClientFor, given: dict[str, str], words: str, status: int
) -> None:
    plain = {
        "direction": "into", "codes": town.nodes["joint"].code, "employers": "follow", "on": DAY, "reason": "大会决定",
        "submit_key": "c" * 32,
    }  # fmt: skip
    answer = client_for("town").post(url(town.nodes["union"], "merge"), {**plain, **given})
    text = answer.content.decode()
    assert answer.status_code == status and words in text and 'id="plan"' not in text
    assert standing(town, "union") == 6


def test_names_are_offered_of_the_own_branch_only(town: World, client_for: ClientFor) -> None:
    page = "/desk/organizations/names/?of=codes&codes="
    offered = client_for("town").get(page + "工会").content.decode()
    assert town.nodes["joint"].name in offered and town.nodes["other_union"].name not in offered
    assert town.nodes["other_union"].name in client_for("county").get(page + "机械").content.decode()
    assert "option" not in client_for("town").get(page).content.decode()


@pytest.mark.parametrize(("who", "name"), [("town", "village"), ("county", "town"), ("city", "county")])
def test_what_may_never_end_shows_its_locked_buttons_and_no_form(
    town: World, client_for: ClientFor, who: str, name: str
) -> None:
    client, node = client_for(who), town.nodes[name]
    page = client.get(url(node)).content.decode()
    assert page.count("地方工会随行政区划设立和撤销") == 2, "merge and dissolve stay in place with their reason"
    assert url(node, "dissolve") not in page and (url(node, "merge") in page) == (name == "village")
    for act in ("dissolve", "split", *(() if name == "village" else ("merge",))):
        assert client.get(url(node, act)).status_code == 409, act
    if name == "village":
        form = client.get(url(node, "merge")).content.decode()
        assert "只能把别的工会并进来" in form and 'value="into"' not in form


def test_a_union_with_an_own_matter_under_way_says_so_before_a_form(town: World, client_for: ClientFor) -> None:
    union = town.nodes["union"]
    actions.propose_dissolution(town.actor("town"), union.pk, actions.Proposal("assembly", date(2026, 3, 2), "", ""))
    client = client_for("town")
    assert "还有没有办完的“撤销工会”" in client.get(url(union)).content.decode()
    assert client.get(url(union, "dissolve")).status_code == 409


def test_a_split_on_the_page(town: World, client_for: ClientFor) -> None:
    union = Organization.objects.get(pk=town.nodes["joint"].pk)
    shop = employers_of(union)[0]
    client, page = client_for("town"), url(town.nodes["joint"], "split")
    assert shop.name in client.get(page).content.decode()
    given = {
        "employers": [str(shop.pk)], "name": "示例商店工会", "form": "single", "on": DAY, "reason": "单独建会",
        "submit_key": "d" * 32,
    }  # fmt: skip
    text = client.post(page, given).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', text)
    assert seen is not None
    client.post(page, {**given, "seen": seen[1]})
    made = Organization.objects.get(node__name="示例商店工会")
    assert made.employer_id == shop.pk
    nothing = client.post(page, {**given, "employers": [], "submit_key": "e" * 32})
    assert nothing.status_code == 400 and "请至少选一家" in nothing.content.decode()
    single = client.get(url(town.nodes["union"], "split")).content.decode()
    assert "没有两家以上的覆盖单位" in single


def test_a_dissolution_from_page_to_page(town: World, client_for: ClientFor) -> None:
    own, above, county = client_for("union"), client_for("town"), client_for("county")
    proposed = own.post(
        url(town.nodes["union"], "dissolve"), {"cause": "employer", "decided_on": "2026-02-10", "submit_key": "f" * 32}
    )
    row = Dissolution.objects.get()
    page = f"/desk/dissolutions/{row.pk}/"
    assert proposed.headers["Location"] == page
    assert "由上一级工会办理" in own.get(page).content.decode()
    assert f"撤销{town.nodes['union'].name}" in above.get("/desk/inbox/").content.decode()
    assert "正在办撤销" in above.get(url(town.nodes["union"])).content.decode()
    refused = above.post(f"{page}approve/", {"on": DAY, "submit_key": "g" * 32})
    assert refused.status_code == 409 and "还有会员 6 人没有安置" in refused.content.decode()
    bad = above.post(f"{page}place/", {"how": "move", "keeper": "999", "on": DAY, "submit_key": "h" * 32})
    assert bad.status_code == 400 and "找不到工会：999" in bad.content.decode()
    above.post(f"{page}place/", {"how": "keep", "keeper": town.nodes["town"].code, "on": DAY, "submit_key": "i" * 32})
    assert standing(town, "town") == 6
    above.post(f"{page}approve/", {"on": "2026-03-05", "submit_key": "j" * 32})
    assert Organization.objects.get(pk=town.nodes["union"].pk).status == "dissolved"
    county.post(f"{page}file/")
    row.refresh_from_db()
    assert row.state == "filed"
    assert client_for("other_town").get(page).status_code == 404


def test_a_proposal_is_cancelled_with_a_reason(town: World, client_for: ClientFor) -> None:
    client = client_for("town")
    client.post(url(town.nodes["union"], "dissolve"), {"cause": "assembly", "decided_on": DAY, "submit_key": "k" * 32})
    page = f"/desk/dissolutions/{Dissolution.objects.get().pk}/cancel/"
    assert client.post(page, {"reason": "", "submit_key": "l" * 32}).status_code == 400
    client.post(page, {"reason": "不撤了", "submit_key": "l" * 32})
    assert Dissolution.objects.get().state == "cancelled"


def test_committees_on_the_page(town: World, client_for: ClientFor) -> None:
    node, client = town.nodes["union"], client_for("town")
    page = url(node, "committees")
    client.post(f"{page}seats/", {"kind": "union", "seats_count": "5", "starts_on": DAY, "submit_key": "m" * 32})
    assert Committee.objects.get().seats_count == 5
    client.post(
        f"{page}appoint/",
        {"committee": "union", "name": "秦会", "post": "主席", "starts_on": DAY, "submit_key": "n" * 32},
    )
    clash = client.post(
        f"{page}appoint/",
        {"committee": "audit", "name": "秦会", "post": "委员", "starts_on": DAY, "submit_key": "o" * 32},
    )
    assert clash.status_code == 400 and "不能进经费审查委员会" in clash.content.decode()
    text = client.get(page).content.decode()
    assert "空缺" in text and "4 个" in text and "秦会" in text
    officer = Officer.objects.get(name="秦会")
    client.post(f"/desk/officers/{officer.pk}/end/", {"on": "2026-03-09", "submit_key": "p" * 32})
    text = client.get(page).content.decode()
    assert "2026-03-02 至 2026-03-09" in text
    own = client_for("union").get(page).content.decode()
    assert "committees/appoint" not in own


def test_employers_on_the_page(town: World, client_for: ClientFor) -> None:
    client = client_for("town")
    place = {"place_county": "610502000000", "place_town": "610502001000", "place_village": "610502001001"}
    entered = client.post("/desk/employers/enter/", {"employer_name": "渭南示例书店", **place, "submit_key": "q" * 32})
    shop = Employer.objects.get(name="渭南示例书店")
    assert entered.headers["Location"] == f"/desk/employers/{shop.pk}/"
    wrong = client.post(
        "/desk/employers/enter/",
        {"employer_name": "渭南示例茶庄", "employer_uscc": "91350100M000100Y44", **place, "submit_key": "r" * 32},
    )
    assert wrong.status_code == 400 and "渭南示例茶庄" in wrong.content.decode()
    listed = client.get("/desk/employers/?union=without").content.decode()
    assert "渭南示例书店" in listed and "渭南示例第1商店" not in listed
    assert "没有符合条件的单位" in client.get("/desk/employers/?q=没有").content.decode()
    client.post(
        f"/desk/employers/{shop.pk}/change/",
        {"employer_name": "渭南示例书店", "party_organization": "中共示例支部", **place, "submit_key": "s" * 32},
    )
    assert "中共示例支部" in client.get(f"/desk/employers/{shop.pk}/").content.decode()
    covered = client.post(
        url(town.nodes["joint"], "cover"),
        {"employer_name": "渭南示例书店", **place, "on": DAY, "submit_key": "t" * 32},
    )
    assert covered.status_code == 302
    cover = CoveredUnit.objects.get(employer=shop)
    client.post(f"/desk/covers/{cover.pk}/end/", {"on": "2026-03-09", "reason": "搬走", "submit_key": "u" * 32})
    text = client.get(f"/desk/employers/{shop.pk}/").content.decode()
    assert "2026-03-02" in text and "2026-03-09" in text and "没有工会" in text
    assert client_for("other_town").get(f"/desk/employers/{shop.pk}/").status_code == 404
    assert client_for("union").get("/desk/employers/enter/").status_code == 403


def test_the_timeline_is_narrowed(town: World, client_for: ClientFor) -> None:
    client, node = client_for("town"), town.nodes["union"]
    actions.rename_union(
        town.actor("town"), node.pk, name="渭南示例物流有限公司工会", on=date(2025, 4, 1), reason="更名"
    )
    relocate = {
        "place_county": "610503000000",
        "place_town": "610503100000",
        "place_village": "",
        "address": "工地",
        "source": "上报",
    }
    client.post(url(node, "relocate"), {**relocate, "on": DAY, "reason": "", "submit_key": "v" * 32})
    text = client.get(url(node, "changes")).content.decode()
    assert "更名" in text and "变更所在地" in text
    narrowed = client.get(f"{url(node, 'changes')}?kind=renamed").content.decode()
    assert "工地" not in narrowed and "渭南示例物流有限公司工会" in narrowed
    assert "工地" in client.get(f"{url(node, 'changes')}?year=2026").content.decode()
    assert "工地" in client.get(f"{url(node, 'changes')}?kind=nonsense&year=1").content.decode()

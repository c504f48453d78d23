import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Employer, Organization
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
TREE = "/desk/organizations/"


def page(node: Node) -> str:
    return f"{TREE}{node.pk}/"


def test_the_tree_opens_and_closes_in_place(org_world: World, client_for: ClientFor) -> None:
    county, town, village = (org_world.nodes[name] for name in ("county", "town", "village"))
    client = client_for("county")
    first = client.get(TREE).content.decode()
    assert county.name in first and town.name in first
    assert village.name not in first
    assert "华州区总工会" not in first
    opened = client.get(TREE, {"open": f"{county.pk},{town.pk}"}).content.decode()
    assert village.name in opened
    assert 'href="?open' not in opened
    assert f"open={county.pk}" in opened
    closed = client.get(TREE, {"open": ""}).content.decode()
    assert town.name not in closed
    hidden = client.get(TREE, {"open": str(town.pk)}).content.decode()
    assert village.name not in hidden


def test_counts_stand_at_every_node(org_world: World, client_for: ClientFor) -> None:
    county = org_world.nodes["county"]
    text = client_for("city").get(TREE, {"node": str(county.pk)}).content.decode()
    row = re.search(r"人民街道总工会</a>.*?</tr>", text, re.S)
    assert row is not None
    numbers = re.findall(r'uh-num[^>]*">\s*([0-9]+)\s*<', row[0])
    assert numbers == ["3", "0", "1"]
    assert "临渭区总工会及所属" in text


def test_the_tree_costs_the_same_for_few_and_many_rows(org_world: World, client_for: ClientFor, system: object) -> None:
    client = client_for("county")

    def cost(**query: str) -> int:
        client.get(TREE, query)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(TREE, query).status_code == 200
        return len(seen)

    county, town = org_world.nodes["county"], org_world.nodes["town"]
    opened = f"{county.pk},{town.pk}"
    before = (cost(open=opened), cost(q="工会"), cost(node=str(town.pk)))
    for number in range(3):
        actions.found_union(
            org_world.actor("county"),
            parent_code=town.code,
            facts=actions.UnionFacts(
                name=f"示例{number}联合工会",
                form="joint",
                division_code="610502001001",
                founded_on=date(2020, 1, 1),
            ),
        )
    assert (cost(open=opened), cost(q="工会"), cost(node=str(town.pk))) == before


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ({"q": "速运"}, "渭南示例速运有限公司工会", "渭南示例机械有限公司工会"),
        ({"q": "610502001"}, "园里堡社区工会", "杜桥街道总工会"),
        ({"form": "village"}, "南塘社区工会", "速运"),
        ({"level": "town"}, "杜桥街道总工会", "南塘社区工会"),
        ({"term": "none"}, "杜桥街道总工会", "没有符合条件"),
        ({"term": "overdue"}, "没有符合条件的工会", "杜桥街道总工会"),
        ({"q": "华州"}, "没有符合条件的工会", "华州区总工会"),
        ({"status": "dissolved"}, "没有符合条件的工会", "杜桥街道总工会"),
    ],
)
def test_what_narrows_the_list(
    org_world: World, client_for: ClientFor, query: dict[str, str], found: str, missing: str
) -> None:
    text = client_for("county").get(TREE, query).content.decode()
    body = text[text.index('id="union-tree"') :]
    assert found in body
    assert missing not in body


def test_bad_parameters_narrow_nothing(org_world: World, client_for: ClientFor) -> None:
    client = client_for("county")
    query = {"form": "x", "open": "a,1e3,99999999999999", "page": "-1"}
    assert client.get(TREE, query).status_code == 200
    assert client.get(TREE, {"node": "²"}).status_code == 200
    assert client.get(TREE, {"q": "工会", "page": "99"}).status_code == 200


def test_one_union(org_world: World, client_for: ClientFor) -> None:
    union = org_world.nodes["union"]
    text = client_for("town").get(page(union)).content.decode()
    for words in (union.name, union.code, "渭南示例速运有限公司", "未登记届次", "独立基层工会", "能办的事"):
        assert words in text
    assert "btn-primary" in text
    own = client_for("union").get(page(union)).content.decode()
    assert "由上一级工会办理" in own
    assert "btn-primary" not in own


def test_other_branches_are_not_found(org_world: World, client_for: ClientFor) -> None:
    union = org_world.nodes["union"]
    for path in (page(union), f"{TREE}?node={union.pk}", f"{page(union)}facts/", f"{TREE}found/?parent={union.pk}"):
        assert client_for("other_county").get(path).status_code == 404
    assert client_for("sysadmin").get(TREE).status_code == 403
    assert client_for().get(TREE).status_code == 302
    assert client_for("worker").get(TREE).status_code == 302


def test_a_union_keeps_its_own_contact(org_world: World, client_for: ClientFor) -> None:
    union = org_world.nodes["union"]
    client = client_for("union")
    form = client.get(f"{page(union)}facts/").content.decode()
    assert "id_address" in form and "id_term_no" not in form
    posted = {"address": "示例路 3 号", "members_count": "41", "source": "本级上报", "on": "2026-03-09"}
    answer = client.post(f"{page(union)}facts/", posted, follow=True)
    assert answer.redirect_chain == [(page(union), 302)]
    text = answer.content.decode()
    assert "示例路 3 号" in text and "41 人" in text and "2026-03-09" in text
    assert client.get(f"{page(union)}rename/").status_code == 403
    assert client.get(f"{page(union)}move/").status_code == 403
    assert client.get(f"{TREE}found/?parent={union.pk}").status_code == 403
    assert client.get(f"{TREE}found/").status_code == 404


def test_bad_facts_come_back_at_their_fields(org_world: World, client_for: ClientFor) -> None:
    union = org_world.nodes["union"]
    client = client_for("town")
    bad = {"founded_on": "2015-01-01", "workers_count": "3", "women_count": "5", "source": "统计", "on": "2026-03-09"}
    answer = client.post(f"{page(union)}facts/", bad)
    assert answer.status_code == 400
    assert "女职工人数不能多于职工人数" in answer.content.decode()
    missing = client.post(f"{page(union)}facts/", {"workers_count": "3"})
    assert missing.status_code == 400
    assert 'value="3"' in missing.content.decode()


def test_a_union_is_renamed_and_moved(org_world: World, client_for: ClientFor) -> None:
    union = org_world.nodes["union"]
    client = client_for("county")
    given = {"name": "渭南示例物流有限公司工会", "on": "2026-03-09", "reason": "单位更名"}
    assert client.post(f"{page(union)}rename/", given).status_code == 302
    moved = client.post(
        f"{page(union)}move/", {"parent": "610502002", "on": "2026-03-09", "reason": "搬迁"}, follow=True
    )
    text = moved.content.decode()
    assert "渭南示例物流有限公司工会" in text and "杜桥街道总工会" in text and "单位更名" in text
    cycle = client.post(f"{page(union)}move/", {"parent": union.code, "on": "2026-03-09", "reason": "x"})
    assert cycle.status_code == 409
    assert "不能把工会移到它自己" in cycle.content.decode()


FOUND = {
    "form": "single",
    "employer_name": "渭南示例餐饮有限公司",
    "employer_uscc": "91350100M000100Y43",
    "place_county": "610502000000",
    "place_town": "610502001000",
    "place_village": "610502001001",
    "founded_on": "2026年3月1日",
    "term_starts_on": "2026-03-01",
    "term_years": "3",
    "chair_name": "赵示例",
    "submit_key": "0123456789abcdef0123456789abcdef",
}


def test_a_union_is_founded_on_the_page(org_world: World, client_for: ClientFor) -> None:
    town = org_world.nodes["town"]
    url = f"{TREE}found/?parent={town.pk}"
    client = client_for("town")
    assert "园里堡社区" in client.get(url).content.decode()
    answer = client.post(url, FOUND, follow=True)
    text = answer.content.decode()
    assert "已建立渭南示例餐饮有限公司工会，编码 610502001-Q0002。" in text
    assert "赵示例" in text and "临渭区人民街道园里堡社区" in text
    union = Organization.objects.get(node__code="610502001-Q0002")
    assert union.term_ends_on == date(2029, 2, 28)
    client.post(url, FOUND)
    assert Organization.objects.filter(form="single").count() == 3


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"employer_uscc": "91350100M000100Y44"}, 400, "请对照证照逐位核对"),
        ({"employer_name": ""}, 400, "请填写工会名称，或者填写单位名称"),
        ({"employer_name": "", "name": "某工会"}, 400, "独立基层工会要写明所在单位"),
        ({"place_county": ""}, 400, "请选择所在地"),
        ({"founded_on": "2026-13-01"}, 400, "没有这一天：2026-13-01"),
        ({"founded_on": "2026-04-01"}, 400, "日期不能晚于今天"),
        ({"form": "branch"}, 400, "选项里没有这一项"),
        (
            {
                "employer_name": "渭南示例速运有限公司",
                "employer_uscc": "",
                "place_village": "",
            },
            409,
            "已由渭南示例速运有限公司工会组建工会",
        ),
        ({"term_ends_on": "2026-02-01"}, 400, "本届止应晚于本届起"),
    ],
)
def test_what_cannot_be_founded_comes_back(
    org_world: World, client_for: ClientFor, changed: dict[str, str], status: int, words: str
) -> None:
    before = Organization.objects.count()
    url = f"{TREE}found/?parent={org_world.nodes['town'].pk}"
    given = FOUND | {"name": "另一个工会"} | changed if changed.get("employer_name") != "" else FOUND | changed
    answer = client_for("town").post(url, given)
    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text
    assert "赵示例" in text
    assert Organization.objects.count() == before


def test_the_finder_goes_step_by_step(org_world: World, client_for: ClientFor) -> None:
    client = client_for()
    Organization.objects.filter(node=org_world.nodes["town"]).update(phone="0913-0000001", members_count=4321)
    first = client.get("/open/unions/").content.decode()
    assert "临渭区" in first and "人民街道" not in first
    second = client.get("/open/unions/", {"place_county": "610502000000"}).content.decode()
    assert "人民街道" in second and "临渭区总工会" in second
    village = {
        "place_county": "610502000000",
        "place_town": "610502001000",
        "place_village": "610502001001",
    }
    found = client.get("/open/unions/", village).content.decode()
    assert "园里堡社区工会" in found and "0913-0000001" in found and "4321" not in found
    far = {"place_county": "610502000000", "place_town": "610502100000", "place_village": "610502100200"}
    nearest = client.get("/open/unions/", far).content.decode()
    assert "这里还没有自己的工会，由它负责。" in nearest
    changed = village | {"place_county": "610503000000"}
    assert "华州区总工会" in client.get("/open/unions/", changed).content.decode()


def test_the_finder_knows_employers(org_world: World, client_for: ClientFor) -> None:
    client = client_for()
    found = client.get("/open/unions/", {"q": "速运"}).content.decode()
    assert "渭南示例速运有限公司工会" in found
    actions.register_employer(
        org_world.actor("system"),
        actions.EmployerFacts(name="渭南示例新店", division_code="610502001001"),
    )
    bare = client.get("/open/unions/", {"q": "新店"}).content.decode()
    assert "还没有建工会" in bare and "place_village=610502001001" in bare
    assert "没有找到这家单位" in client.get("/open/unions/", {"q": "没有这家"}).content.decode()
    assert "请至少写两个字" in client.get("/open/unions/", {"q": "新"}).content.decode()
    assert Employer.objects.count() == 3


def test_options_and_the_whole_choice(org_world: World, client_for: ClientFor) -> None:
    client = client_for()
    options = client.get("/open/divisions/", {"parent": "610502001000"}).content.decode()
    assert '<option value="610502001001">园里堡社区</option>' in options
    assert '<option value="610502000000">临渭区' in client.get("/open/divisions/").content.decode()
    assert client.get("/open/divisions/", {"parent": "<x>"}).content.decode().count("<option") == 1
    choice = client.get(
        "/open/divisions/", {"name": "place", "place_county": "610502000000", "place_town": "610503001000"}
    ).content.decode()
    assert 'name="place_town"' in choice and "人民街道" in choice and "place_village" not in choice
    assert client.get("/open/divisions/", {"name": '"><script>'}).status_code == 400

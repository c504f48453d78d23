"""Pages of cells, gaps and the county map, as people click through them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import Employer, GridCell, GridUnit, Organization
from unionhome.core.tree.models import Node

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
GRID, GAPS, TREE = "/desk/organizations/grid/", "/desk/organizations/gaps/", "/desk/organizations/"
TOWN, VILLAGE = "610502001000", "610502001001"


@pytest.fixture
def grid_world(org_world: World) -> World:
    actions.settle_coverage(org_world.actor("system"))
    return org_world


def day(world: World) -> str:
    return world.today.isoformat()


def test_a_town_sets_up_its_cells_and_fills_one(grid_world: World, client_for: ClientFor) -> None:
    client = client_for("town")
    shown = client.get(f"{GRID}bulk/?division={TOWN}").content.decode()
    assert "园里堡社区" in shown and "设立 2 个网格" in shown
    sent = client.post(f"{GRID}bulk/?division={TOWN}", {"on": day(grid_world)})
    assert sent.status_code == 302 and GridCell.objects.count() == 2
    assert "每个村、社区都有网格" in client.get(f"{GRID}bulk/?division={TOWN}").content.decode()
    cell = GridCell.objects.get(division=VILLAGE)
    page = f"{GRID}{cell.pk}/"
    assert "缺网格员" in client.get(page).content.decode()
    wrong = client.post(f"{page}worker/", {"name": "", "phone": "1", "on": day(grid_world)})
    assert wrong.status_code == 400 and "手机号码" in wrong.content.decode()
    client.post(f"{page}worker/", {"name": "赵示例", "phone": "19900060001", "on": day(grid_world)})
    text = client.get(page).content.decode()
    assert "赵示例" in text and "19900060001" not in text
    opened = client.post(f"{page}phone/").content.decode()
    assert "19900060001" in opened
    assert "赵示例" in client.get(GRID).content.decode()
    assert client.post(f"{page}worker/end/", {"on": day(grid_world)}).status_code == 302
    assert client.post(f"{page}end/", {"on": day(grid_world), "reason": "撤并"}).status_code == 302
    assert client.get(f"{page}worker/").status_code == 404
    assert "已撤销" in client.get(f"{GRID}?state=over").content.decode()


def test_units_are_ticked_into_a_cell(grid_world: World, client_for: ClientFor) -> None:
    client, town = client_for("town"), grid_world.actor("town")
    cell = actions.create_cell(town, actions.CellFacts(TOWN, grid_world.today))
    union = Organization.objects.get(node=grid_world.nodes["union"])
    page = f"{GRID}{cell.pk}/units/"
    assert union.node.name in client.get(page).content.decode()
    assert "请先勾选" in client.post(page, {}).content.decode()
    client.post(page, {"employer": [union.employer_id, "x"], "union": [union.pk]})
    unit = GridUnit.objects.get(union=union.node)
    assert GridUnit.objects.count() == 2
    assert "没有可以划入的" in client.get(page).content.decode()
    client.post(f"{page}{unit.pk}/")
    unit.refresh_from_db()
    assert unit.ends_on == grid_world.today


def test_villages_look_and_do_not_touch(grid_world: World, client_for: ClientFor) -> None:
    cell = actions.create_cell(grid_world.actor("town"), actions.CellFacts(VILLAGE, grid_world.today))
    client = client_for("village")
    assert client.get(f"{GRID}{cell.pk}/").status_code == 200
    for path in ("new/", f"bulk/?division={VILLAGE}", f"{cell.pk}/worker/", f"{cell.pk}/end/"):
        assert client.get(GRID + path).status_code == 403, path
    assert client_for("other_county").get(f"{GRID}{cell.pk}/").status_code == 404


def test_each_gap_leads_to_the_act_that_closes_it(grid_world: World, client_for: ClientFor) -> None:
    client, town = client_for("town"), grid_world.actor("town")
    actions.enter_employer(town, actions.EmployerFacts("示例纸箱厂", TOWN, workers_count=40))
    text = client.get(f"{GAPS}?kind=employer").content.decode()
    link = re.search(r'href="([^"]*foundings/new[^"]*)">建工会', text)
    assert link is not None
    form = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert 'value="示例纸箱厂工会"' in form
    firm = Employer.objects.get(name="示例纸箱厂")
    founding = actions.start_founding(town, parent_code="610502001", employer=firm)
    page = client.get(f"{GAPS}?kind=employer").content.decode()
    assert "foundings/new" not in page and f'href="/desk/organizations/foundings/{founding.pk}/">建会在办：草稿' in page
    place = re.search(r'href="([^"]*grid/new[^"]*)">设网格', client.get(f"{GAPS}?kind=worker").content.decode())
    assert place is not None and client.get(place[1]).status_code == 200
    cell = actions.create_cell(town, actions.CellFacts(VILLAGE, grid_world.today))
    assert f"{GRID}{cell.pk}/worker/" in client.get(f"{GAPS}?kind=worker").content.decode()
    book = client.get(f"{GAPS}export/?kind=worker")
    assert book.status_code == 200 and book.content[:2] == b"PK"
    assert "没有符合条件的缺口" in client.get(f"{GAPS}?q=没有这样的").content.decode()


def test_a_place_is_founded_from_its_gap(grid_world: World, client_for: ClientFor) -> None:
    client = client_for("town")
    url = f"{GAPS}found/?division=610502001002"
    assert "南塘社区" in client.get(url).content.decode()
    assert client.post(url, {"on": "2199-01-01"}).status_code == 400
    assert client.post(url, {"on": day(grid_world)}).status_code == 302
    assert Node.objects.filter(code="610502001002").exists()
    assert "已经建立" in client.get(url).content.decode()
    assert client_for("other_county").get(url).status_code == 404
    assert client.get(f"{GAPS}found/?division=x").status_code == 404


def test_the_county_map_tells_numbers_in_words(grid_world: World, client_for: ClientFor) -> None:
    county = grid_world.nodes["county"]
    for name in ("unions", "members", "coverage", "overdue", "nonsense"):
        text = client_for("city").get(f"{TREE}?map={name}").content.decode()
        assert "县区示意图" in text and f"?node={county.pk}" in text
    assert "县区示意图" not in client_for("county").get(TREE).content.decode()
    assert "县区示意图" not in client_for("city").get(f"{TREE}?q=工会").content.decode()


def test_pages_cost_the_same_for_few_and_many_rows(grid_world: World, client_for: ClientFor) -> None:
    client, town = client_for("town"), grid_world.actor("town")
    urls = (GRID, GAPS, TREE, f"{TREE}?open={grid_world.nodes['town'].pk}")

    def cost() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            found.append(len(seen))
        return found

    actions.create_cell(town, actions.CellFacts(VILLAGE, grid_world.today))
    before = cost()
    for number in range(4):
        cell = actions.create_cell(town, actions.CellFacts(TOWN, grid_world.today, name=f"片{number}"))
        actions.assign_worker(town, cell.pk, name=f"格员{number}", on=grid_world.today)
        facts = actions.EmployerFacts(f"示例{number}厂", TOWN)
        actions.enter_employer(town, facts)
    assert cost() == before


def test_the_tree_asks_no_more_however_deep_it_is_opened(grid_world: World, client_for: ClientFor) -> None:
    client = client_for("city")
    opened = ",".join(str(node.pk) for node in grid_world.nodes.values())

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    assert cost(f"{TREE}?open={opened}") == cost(TREE)


def test_a_union_page_shows_its_grid(grid_world: World, client_for: ClientFor) -> None:
    town = grid_world.nodes["town"]
    text = client_for("town").get(f"{TREE}{town.pk}/").content.decode()
    assert "网格和覆盖" in text and "村（社区）没有网格员" in text

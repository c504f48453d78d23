"""The place of a need: tapped on the schematic map or picked by its name, and the union that it leads to."""

import re

import pytest

from tests.sample_places import enter_divisions, enter_unions, make_cell
from tests.worlds import World
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import find_town_union
from unionhome.core.organizations.models import Division, GridCell

pytestmark = pytest.mark.django_db
COUNTY, TOWN, OTHER_TOWN, VILLAGE = "610502000000", "610502001000", "610502002000", "610502001001"
TYPED = {"text": "宿舍没有暖气。", "category": "other", "phone": "19900000088", "name": "何工"}


@pytest.fixture
def places(world: World) -> World:
    """Divisions, unions, and one grid cell with its worker."""
    enter_divisions()
    enter_unions(world)
    make_cell(world, VILLAGE, 7, "19900000707")
    return world


def tiles(answer: object) -> list[str]:
    return re.findall(r'name="map" value="(\d+)"', answer.content.decode())  # type: ignore[attr-defined]


def test_a_place_leads_to_who_is_in_charge_of_its_cell_never_to_a_village(places: World) -> None:
    village, town = Division.objects.get(code=VILLAGE), Division.objects.get(code=TOWN)
    cell = GridCell.objects.get(division=village)
    for place, division, charge, expected in (
        ("town of a village's cell", village, "village", "town"),
        ("another town's cell", village, "other_town", "other_town"),
        ("no cell at a town", town, "other_town", "town"),
        ("no cell that stands", village, "", "town"),
    ):
        GridCell.objects.filter(pk=cell.pk).update(
            node=places.nodes[charge or "other_town"], ends_on=None if charge else places.today
        )
        assert find_town_union(division) == places.nodes[expected], place


def test_taps_lead_from_the_county_to_the_cell_and_can_be_taken_back(places: World) -> None:
    client = places.client()
    assert tiles(client.get("/open/help/")) == [COUNTY, "610503000000"]
    step = client.post("/open/help/place/", TYPED | {"map": COUNTY})
    assert tiles(step) == [TOWN, OTHER_TOWN] and "点您在的镇街" in step.content.decode()
    step = client.post("/open/help/place/", TYPED | {"map": TOWN})
    assert tiles(step) == [VILLAGE, "610502001002"] and "有网格" in step.content.decode()
    step = client.post("/open/help/place/", TYPED | {"map": VILLAGE})
    words = step.content.decode()
    assert "临渭区人民街道园里堡社区，样例网格7号，有网格员" in words and "格员7，" not in words
    assert f'<option value="{VILLAGE}" selected>' in words and f'<option value="{TOWN}" selected>' in words
    again = client.post("/open/help/place/", TYPED | {"map": "all", "town": TOWN, "village": VILLAGE})
    assert tiles(again) == [COUNTY, "610503000000"]
    for wrong in ("", "999999", "x' or 1=1", "6105"):
        assert client.post("/open/help/place/", TYPED | {"map": wrong}).status_code == 200


def test_without_scripts_a_tap_loses_nothing_that_was_typed(places: World) -> None:
    page = places.client().post("/open/help/", TYPED | {"map": VILLAGE})
    assert page.status_code == 200 and not Case.objects.exists()
    words = page.content.decode()
    assert "宿舍没有暖气。" in words and "园里堡社区" in words and "请填写" not in words


def test_the_place_goes_with_the_need_and_another_town_drops_the_village(places: World) -> None:
    client = places.client()
    for village, town, division, union in (
        (VILLAGE, TOWN, VILLAGE, "town"), (VILLAGE, OTHER_TOWN, OTHER_TOWN, "other_town"), ("1", TOWN, TOWN, "town"),
    ):  # fmt: skip
        sent = TYPED | {"town": town, "village": village, "hide": "", "phone": f"199000001{len(town + village):02d}"}
        shown = client.post("/open/help/", sent)
        found = re.search(r'name="shown_union" value="(\d+)"', shown.content.decode())
        assert found and int(found[1]) == places.nodes[union].pk
        assert client.post("/open/help/", sent | {"shown_union": found[1]}).status_code == 302
        case = Case.objects.latest("pk")
        assert (case.division_id, case.node) == (division, places.nodes[union])
    first = Case.objects.earliest("pk")
    assert "格员7" in places.client("town").get(f"/desk/cases/{first.pk}/").content.decode()


def test_the_town_chosen_by_its_name_brings_its_villages(places: World) -> None:
    answer = places.client().post("/open/help/route/", TYPED | {"town": TOWN, "changed": "town"}).content.decode()
    assert 'id="village"' in answer and VILLAGE in answer and "人民街道" in answer
    other = places.client().post("/open/help/route/", TYPED | {"town": TOWN}).content.decode()
    assert 'id="village"' not in other

"""Cases for programs: the same rows as the page, masked, nothing of other branches."""

import pytest

from unionhome.core.access.actions import create_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(world):
    def get(name, path, **query):
        _, text = create_token(world.actor(name), label="测试", permissions=["cases.view"], days=30)
        return world.client().get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {text}"})

    return get


def test_the_list_pages_by_cursor(need, call):
    numbers = {need("public", phone=f"1990000100{each}").number for each in range(3)}
    first = call("city", "/cases", limit=2).json()
    second = call("city", "/cases", limit=2, cursor=first["next"]).json()
    assert {item["number"] for item in first["items"] + second["items"]} == numbers
    assert (first["total"], second["next"]) == (3, None)


def test_one_case_has_its_three_clocks_and_no_phone(case, call):
    answer = call("city", f"/cases/{case.pk}")
    assert [clock["name"] for clock in answer.json()["clocks"]] == ["arrive", "help", "measure"]
    assert "19900000009" not in answer.content.decode()


def test_another_branch_gets_404_and_an_empty_list(case, call):
    assert call("county", f"/cases/{case.pk}").status_code == 404
    assert call("county", "/cases").json()["total"] == 0


def test_without_a_token_there_is_nothing(world, case):
    assert world.client().get("/api/v1/cases").status_code == 401

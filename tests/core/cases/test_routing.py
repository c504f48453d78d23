"""Routing of needs: a table of who asks about what, and where it goes."""

import pytest

from unionhome.core.cases.rules import RouteFacts, UnionFacts, choose_route

CITY = UnionFacts(1, "渭南市总工会", "0000", True, "city")
TOWN = UnionFacts(3, "人民街道总工会", "000000000000", True, "town")
VILLAGE = UnionFacts(4, "园里堡社区工会", "0000000000000000", True, "village")
FAR_TOWN = UnionFacts(6, "华州街道总工会", "000000010000", True, "town")
EMPLOYER = UnionFacts(5, "渭南示例速运有限公司工会", "0000000000000001", False, "grassroots")


def route(**facts):
    return choose_route(RouteFacts(**{"about_employer": True, "hide_from_employer": True, "root": CITY} | facts))


@pytest.mark.parametrize(
    ("facts", "union", "hidden"),
    [
        # a member of the employer's union complains about the employer: to the town above it, hidden from it
        (
            {
                "membership": EMPLOYER,
                "membership_above": TOWN,
                "employer": EMPLOYER,
                "employer_above": TOWN,
                "employer_top_path": EMPLOYER.path,
            },
            TOWN,
            EMPLOYER.path,
        ),
        # the employer is only known by name, the worker is no member
        ({"employer": EMPLOYER, "employer_above": TOWN, "employer_top_path": EMPLOYER.path}, TOWN, EMPLOYER.path),
        # an employer without a union: nothing to hide from, the place decides
        ({"place": FAR_TOWN}, FAR_TOWN, ""),
        # nothing known: the city dispatches
        ({}, CITY, ""),
        # a member of a community's union
        ({"membership": VILLAGE, "place": None}, VILLAGE, ""),
        # the worker asks for the employer's union
        (
            {
                "membership": EMPLOYER,
                "employer": EMPLOYER,
                "employer_above": TOWN,
                "hide_from_employer": False,
                "employer_top_path": EMPLOYER.path,
            },
            EMPLOYER,
            "",
        ),
        # another matter, and the worker still wants to stay unseen
        (
            {
                "about_employer": False,
                "membership": EMPLOYER,
                "membership_above": TOWN,
                "employer_top_path": EMPLOYER.path,
            },
            TOWN,
            EMPLOYER.path,
        ),
        # another matter, nothing to hide: the membership union is the nearest
        (
            {"about_employer": False, "hide_from_employer": False, "membership": EMPLOYER, "place": FAR_TOWN},
            EMPLOYER,
            "",
        ),
        ({"about_employer": False, "hide_from_employer": False, "place": FAR_TOWN}, FAR_TOWN, ""),
    ],
)
def test_route(facts, union, hidden):
    found = route(**facts)
    assert found is not None
    assert (found.union, found.hidden_path) == (union, hidden)


def test_an_empty_tree_has_no_route():
    assert route(root=None) is None


def test_the_reason_names_whom_it_avoids():
    found = route(employer=EMPLOYER, employer_above=TOWN, employer_top_path=EMPLOYER.path)
    assert found is not None
    assert found.avoids == EMPLOYER.name
    assert "单位" in found.why

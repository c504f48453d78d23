from datetime import date

import pytest

from unionhome.core.organizations import rules
from unionhome.core.registry import BadInput, Forbidden


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("园里堡社区居委会", "园里堡社区工会"),
        ("南塘社区居民委员会", "南塘社区工会"),
        ("西郊居委会", "西郊社区工会"),
        ("小涨新型农村居委会", "小涨新型农村社区工会"),
        ("赵村委会", "赵村工会"),
        ("李家村村民委员会", "李家村工会"),
        ("王家村村委会", "王家村工会"),
        ("岳西村", "岳西村工会"),
        ("大锅寺社区", "大锅寺社区工会"),
        ("创新创业基地生活区", "创新创业基地生活区工会"),
        ("临渭区阎村镇双创家园社区", "双创家园社区工会"),
        ("孙镇社区居民委员会", "孙镇社区工会"),
    ],
)
def test_village_names_are_what_people_say(raw: str, clean: str) -> None:
    above = ["渭南市", "临渭区", "阎村镇", "孙镇"]
    assert rules.union_name(raw, "village", above) == clean


def test_names_of_the_other_levels() -> None:
    assert rules.union_name("渭南市", "city") == "渭南市总工会"
    assert rules.union_name("临渭区", "county") == "临渭区总工会"
    assert rules.union_name("人民街道", "town") == "人民街道总工会"
    assert rules.union_name("桥南镇", "town") == "桥南镇总工会"
    assert rules.union_name("国营陕西华山企业公司", "town") == "国营陕西华山企业公司工会"


@pytest.mark.parametrize(
    ("form", "level", "status", "words"),
    [
        ("single", "town", "dissolved", "正常状态"),
        ("single", "group", "active", "不能低于下级"),
        ("branch", "town", "active", "只能建在基层工会"),
        ("group", "village", "active", "只能建在基层工会"),
        ("group", "group", "active", "不能再建"),
    ],
)
def test_parents_that_cannot_hold_a_union(form: str, level: str, status: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        rules.check_parent(form, level, status)
    assert "parent" in refused.value.fields


def test_parents_that_can() -> None:
    for form, level in (
        ("single", "county"),
        ("single", "grassroots"),
        ("joint", "village"),
        ("group", "grassroots"),
        ("branch", "grassroots"),
    ):
        rules.check_parent(form, level, "active")


def test_a_term_lies_forward_and_lasts_three_or_five_years() -> None:
    rules.check_term(date(2024, 1, 1), date(2026, 12, 31), 3)
    rules.check_term(None, None, None)
    with pytest.raises(BadInput) as same_day:
        rules.check_term(date(2024, 1, 1), date(2024, 1, 1), 5)
    assert "term_ends_on" in same_day.value.fields
    with pytest.raises(BadInput) as four:
        rules.check_term(None, None, 4)
    assert "term_years" in four.value.fields


CITY, COUNTY, TOWN, VILLAGE = "0000", "00000001", "000000010002", "0000000100020003"
UNION = TOWN + "0009"


@pytest.mark.parametrize(
    ("level", "path", "node", "manages", "is_own"),
    [
        ("city", CITY, CITY, True, True),
        ("city", CITY, UNION, True, False),
        ("county", COUNTY, COUNTY, False, True),
        ("county", COUNTY, TOWN, True, False),
        ("town", TOWN, UNION, True, False),
        ("town", TOWN, TOWN, False, True),
        ("village", VILLAGE, VILLAGE, False, True),
        ("village", VILLAGE, VILLAGE + "0001", False, False),
        ("grassroots", UNION, UNION, False, True),
        ("grassroots", UNION, UNION + "0000", False, False),
        ("town", TOWN, COUNTY, False, False),
    ],
)
def test_who_decides_about_which_union(level: str, path: str, node: str, manages: bool, is_own: bool) -> None:
    assert rules.reach_of([(level, path)], node) == rules.Reach(manages, is_own)


def test_own_facts_and_no_more() -> None:
    own = rules.reach_of([("village", VILLAGE)], VILLAGE)
    own.check({"address", "members_count"})
    with pytest.raises(Forbidden, match="上一级工会"):
        own.check({"address", "term_ends_on"})
    with pytest.raises(Forbidden, match="上一级工会"):
        own.check()
    below = rules.reach_of([("village", VILLAGE)], VILLAGE + "0001")
    with pytest.raises(Forbidden, match="不能改别的工会"):
        below.check({"address"})
    rules.reach_of([], UNION, is_system=True).check()


@pytest.mark.parametrize(
    ("ends_on", "tone", "label"),
    [
        (None, "grey", "未登记届次"),
        (date(2026, 11, 23), "deep", "届满超 1 天"),
        (date(2026, 11, 24), "amber", "今天届满"),
        (date(2027, 5, 23), "amber", "还有 180 天届满"),
        (date(2027, 5, 24), "green", "任期内"),
    ],
)
def test_light_of_a_term(ends_on: date | None, tone: str, label: str) -> None:
    assert rules.term_light(ends_on, date(2026, 11, 24), 180) == rules.Light(tone, label)

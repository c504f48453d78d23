"""Pure rules: who may join, where it goes, what is masked, which reasons open a file."""

from datetime import date

import pytest

from tests.core.members.conftest import DOCUMENT
from unionhome.core.members.rules import facts, joining, privacy, sealed
from unionhome.core.members.rules.joining import Candidate, JoinInput, choose_route
from unionhome.core.registry import BadInput
from unionhome.kit.codes import make_identity

TODAY = date(2026, 3, 10)
UNION, TOWN, COUNTY = Candidate(1, "速运公司工会"), Candidate(2, "人民街道总工会"), Candidate(3, "临渭区总工会")


def given(**changed: object) -> JoinInput:
    facts_ = {
        "name": "王建国",
        "document_kind": "resident",
        "document": DOCUMENT,
        "group": "courier",
        "employer_text": "示例公司",
        "division_code": "610502001000",
        "agreed": True,
    }
    return JoinInput(**{**facts_, **changed})  # type: ignore[arg-type]


def test_five_right_fields_pass_and_tell_birth_and_sex() -> None:
    document = joining.check_join(given(), TODAY)
    assert (document.birth_on, document.sex) == (date(1988, 5, 6), "1")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "王"}, "name"),
        ({"name": "王建国123"}, "name"),
        ({"name": "王" * 31}, "name"),
        ({"document": DOCUMENT[:-1] + ("0" if DOCUMENT[-1] != "0" else "1")}, "document"),
        ({"document": "610502880506121"}, "document"),
        ({"document": ""}, "document"),
        ({"document_kind": "library"}, "document_kind"),
        ({"group": "pirate"}, "group"),
        ({"employer_text": " ", "division_code": ""}, "employer_text"),
        ({"agreed": False}, "agreed"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        joining.check_join(given(**changed), TODAY)
    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field]


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        joining.check_join(given(name="", group="", agreed=False), TODAY)
    assert set(refused.value.fields) == {"name", "group", "agreed"}


def test_an_employer_that_was_picked_needs_no_place() -> None:
    assert joining.check_join(given(employer_id=7, division_code=""), TODAY)


def test_sixteen_is_the_least_age_to_the_day() -> None:
    on_the_day = make_identity("610502", date(2010, 3, 10), 1)
    a_day_late = make_identity("610502", date(2010, 3, 11), 1)
    assert joining.check_join(given(document=on_the_day), TODAY)
    with pytest.raises(BadInput) as refused:
        joining.check_join(given(document=a_day_late), TODAY)
    assert refused.value.fields["document"] == "入会要年满16周岁，按证件要到2026年3月11日"


def test_the_employers_union_answers_first() -> None:
    route = choose_route(employer="速运公司", employer_union=UNION, place="人民街道", place_union=TOWN, fallback=COUNTY)
    assert (route.node_id, route.union) == (1, "速运公司工会")
    assert "速运公司" in route.reason and "有工会" in route.reason


def test_without_one_the_town_union_of_the_place_answers() -> None:
    route = choose_route(employer="小店", employer_union=None, place="人民街道", place_union=TOWN, fallback=COUNTY)
    assert route.node_id == 2
    assert "小店" in route.reason and "人民街道" in route.reason


def test_without_a_town_union_the_one_above_answers() -> None:
    route = choose_route(employer="", employer_union=None, place="桥南镇", place_union=None, fallback=COUNTY)
    assert route.node_id == 3
    assert "没有固定单位" in route.reason


def test_nowhere_to_send_is_said() -> None:
    with pytest.raises(BadInput) as refused:
        choose_route(employer="", employer_union=None, place="", place_union=None, fallback=None)
    assert "division" in refused.value.fields


@pytest.mark.parametrize(
    ("key", "value", "masked"),
    [
        ("name", "王建国", "王*国"),
        ("document", "610502198805061214", "6105**********1214"),
        ("phone", "19900000001", "199****0001"),
        ("birth_on", "1988-05-06", "19**-**-**"),
        ("address", "陕西省渭南市临渭区人民街道1号", "陕西省渭南******"),
        ("sex", "1", "男"),
        ("group", "courier", "快递员"),
        ("is_migrant", "yes", "是"),
        ("phone", "", "没有登记"),
    ],
)
def test_masks(key: str, value: str, masked: str) -> None:
    assert facts.show(key, value, masked=True) == masked


def test_a_fact_keeps_its_own_source_before_the_files() -> None:
    on = date(2024, 3, 5)
    assert facts.source_of("phone", "roster", on, {"phone": ["person", "2026-01-12"]}) == (
        "本人更正",
        date(2026, 1, 12),
    )
    assert facts.source_of("name", "roster", on, {}) == ("单位工会名册", on)


def test_corrections_are_cleaned_and_checked() -> None:
    assert facts.clean("phone", " 199-0000-0007 ", TODAY) == "19900000007"
    assert facts.clean("education", "20", TODAY) == "20"
    for key, value in (
        ("phone", "12345"),
        ("education", "99"),
        ("name", "王"),
        ("document", DOCUMENT),
        ("nothing", "x"),
        ("address", ""),
    ):
        with pytest.raises(BadInput):
            facts.clean(key, value, TODAY)


def test_reasons_for_opening_a_file() -> None:
    assert privacy.check_reason("matter", "") == ("matter", "")
    assert privacy.check_reason("other", " 核对发放名单 ") == ("other", "核对发放名单")
    for reason, text in (("", ""), ("curiosity", ""), ("other", "看看"), ("other", "长" * 101)):
        with pytest.raises(BadInput):
            privacy.check_reason(reason, text)


def test_only_known_parts_can_be_opened() -> None:
    assert privacy.check_parts(("phone",)) == ("phone",)
    for parts in ((), ("bank",), ("masked",), ("exists",)):
        with pytest.raises(BadInput):
            privacy.check_parts(parts)


def test_purposes_start_with_the_registers_own() -> None:
    assert privacy.purposes()[0].code == privacy.REGISTER
    with pytest.raises(BadInput):
        privacy.find_purpose("sell.data")


def test_card_numbers_carry_a_check_digit_and_card_codes_a_keyed_one() -> None:
    number = sealed.card_number("610500", 42)
    assert number[:15] == "610500000000042" and len(number) == 16
    total = sum(
        (value if place % 2 == 0 else value * 2 - (9 if value * 2 > 9 else 0))
        for place, value in enumerate(int(sign) for sign in reversed(number))
    )
    assert total % 10 == 0
    assert sealed.read_card_code(sealed.card_code(number)) == number
    assert sealed.read_card_code(number + "-0000000000") == ""
    assert sealed.read_card_code("rubbish") == ""
    assert sealed.mask_card("6105000000002290") == "6105 0000 **** 2290"


def test_one_number_under_two_kinds_is_two_documents() -> None:
    assert sealed.document_index("resident", "X123") != sealed.document_index("passport", "X123")

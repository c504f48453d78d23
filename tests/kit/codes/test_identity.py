from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from unionhome.kit.codes import CodeError, DocumentKind, make_identity, parse_document, parse_identity
from unionhome.kit.codes.identity import identity_check

TODAY = date(2026, 11, 24)
SAMPLE = "11010519491231002X"  # the example of GB 11643
births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(make_identity, st.integers(110000, 659999).map(str), births, st.integers(0, 999))


def refusal(text: str) -> str:
    with pytest.raises(CodeError) as caught:
        parse_identity(text, on=TODAY)
    assert caught.value.sentence.endswith("。")
    return caught.value.code


def test_the_example_of_the_standard() -> None:
    found = parse_identity(SAMPLE, on=TODAY)
    assert (found.number, found.birth_on, found.sex) == (SAMPLE, date(1949, 12, 31), "2")
    assert found.kind is DocumentKind.RESIDENT


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "110105-19491231-002X",
        "11010519491231002×",
        "\u200e11010519491231002x\u3000\ufeff",
    ],
)
def test_what_is_forgiven(text: str) -> None:
    assert parse_identity(text, on=TODAY).number == SAMPLE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identity.empty"),
        ("  ", "identity.empty"),
        ("110105491231002", "identity.old"),
        ("1101051949123100", "identity.length"),
        ("11010519491231002X1", "identity.length"),
        ("张三", "identity.length"),
        ("1101051949123100XX", "identity.form"),
        ("010105194912310020", "identity.form"),
        ("11010519491331002X", "identity.birth"),
        ("11010519490229002X", "identity.birth"),
        ("11010510000101002X", "identity.birth"),
        ("110105194912310021", "identity.check"),
        ("6.10502E+17", "identity.number_cell"),
        ("610502199001011000.0", "identity.number_cell"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "identity.form"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert refusal(text) == code


def test_birth_is_held_against_the_day_passed_in() -> None:
    number = make_identity("610502", date(2026, 11, 25), 1)
    assert refusal(number) == "identity.future"
    assert parse_identity(number, on=date(2026, 11, 25)).birth_on == date(2026, 11, 25)


@given(numbers)
def test_made_numbers_read_back(number: str) -> None:
    found = parse_identity(number, on=TODAY)
    assert found.number == number and f"{found.birth_on:%Y%m%d}" == number[6:14]
    assert (found.sex == "1") == (int(number[16]) % 2 == 1)


@given(numbers)
def test_the_check_digit_is_that_of_iso_7064(number: str) -> None:
    assert mod_11_2.is_valid(number) and identity_check(number[:17]) == number[17]


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place].replace("X", "0")) + shift) % 10)
    if wrong != number[place]:
        refusal(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.integers(0, 16))
def test_two_swapped_digits_are_always_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        refusal(swapped)


@pytest.mark.parametrize("division", ["610502", "610503", "610521", "999999", "142701"])
def test_an_abolished_or_younger_county_is_no_error(division: str) -> None:
    number = make_identity(division, date(1955, 3, 1), 12)
    assert parse_identity(number, on=TODAY).number == number


@pytest.mark.parametrize(
    ("division", "kind"),
    [
        ("810000", DocumentKind.RESIDENCE),
        ("820000", DocumentKind.RESIDENCE),
        ("830000", DocumentKind.RESIDENCE),
        ("911100", DocumentKind.FOREIGNER),
        ("610502", DocumentKind.RESIDENT),
    ],
)
def test_kinds_told_by_the_number(division: str, kind: DocumentKind) -> None:
    number = make_identity(division, date(1980, 5, 6), 7)
    assert parse_document(DocumentKind.RESIDENT, number, on=TODAY).kind is kind


def test_documents_of_other_shapes_are_read_leniently() -> None:
    passport = parse_document(DocumentKind.PASSPORT, " e 1234 5678", on=TODAY)
    assert (passport.number, passport.birth_on, passport.sex) == ("E12345678", None, None)
    assert parse_document(DocumentKind.TRAVEL, "H1234567890", on=TODAY).number == "H1234567890"
    assert parse_document(DocumentKind.FOREIGNER, "usa123456789012", on=TODAY).number == "USA123456789012"
    assert parse_document(DocumentKind.OTHER, "军字第12345号", on=TODAY).kind is DocumentKind.OTHER
    for kind, text, code in (
        (DocumentKind.PASSPORT, "", "document.empty"),
        (DocumentKind.PASSPORT, "=1+1", "document.form"),
        (DocumentKind.TRAVEL, "123", "document.form"),
        (DocumentKind.OTHER, "<script>", "document.form"),
    ):
        with pytest.raises(CodeError) as caught:
            parse_document(kind, text, on=TODAY)
        assert caught.value.code == code


def test_kinds_by_their_usual_words() -> None:
    assert (
        DocumentKind.match("")
        is DocumentKind.match("身份证")
        is DocumentKind.match("居民身份证")
        is DocumentKind.RESIDENT
    )
    assert DocumentKind.match("passport") is DocumentKind.match(" 护照") is DocumentKind.PASSPORT
    for kind, label in DocumentKind.choices():
        assert DocumentKind.match(label).value == kind
    with pytest.raises(CodeError):
        DocumentKind.match("驾驶证")


def test_synthetic_numbers_need_sound_parts() -> None:
    for division, serial in (("61050", 1), ("61050X", 1), ("610502", 1000), ("610502", -1)):
        with pytest.raises(ValueError, match="division"):
            make_identity(division, TODAY - timedelta(days=1), serial)

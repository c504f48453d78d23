"""Forms of the kit: clean values, Chinese sentences, nothing cut off, one key a page."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django import forms as plain
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from unionhome.kit import codes, forms


def error(field: plain.Field, value: Any) -> str:
    with pytest.raises(plain.ValidationError) as caught:
        field.clean(value)
    return str(caught.value.messages[0])


def test_two_pages_carry_two_keys_and_a_sent_key_stays() -> None:
    first, second = forms.Form(), forms.Form()
    assert first["submit_key"].value() != second["submit_key"].value()
    assert uuid.UUID(first["submit_key"].value()).hex == first["submit_key"].value()
    sent = forms.Form({"submit_key": first["submit_key"].value()})
    assert sent.is_valid() and sent.cleaned_data["submit_key"] == first["submit_key"].value()
    assert f'value="{first["submit_key"].value()}"' in str(sent["submit_key"])


@pytest.mark.parametrize("key", ["", "x", "1" * 200, "<script>"])
def test_a_broken_key_is_replaced_by_a_fresh_one(key: str) -> None:
    sent = forms.Form({"submit_key": key})
    assert sent.is_valid()
    assert uuid.UUID(sent.cleaned_data["submit_key"]).hex == sent.cleaned_data["submit_key"] != key


class Everything(forms.Form):
    name = forms.LineField(label="姓名", max_length=4)
    trouble = forms.TextArea(label="遇到了什么难处？", max_length=10)
    kind = plain.ChoiceField(label="类别", choices=[("a", "工资")])
    count = plain.IntegerField(label="人数", min_value=1)
    agreed = forms.SwitchField(label="不让单位知道")


def test_every_error_is_chinese_and_names_what_is_missing() -> None:
    wrong = Everything({"count": "x", "kind": "z"}).errors
    assert wrong["name"] == ["请填写姓名"]
    assert wrong["trouble"] == ["请填写这一项"]
    assert wrong["kind"] == ["选项里没有这一项，请重新选"]
    assert wrong["count"] == ["人数的格式不对，请检查"]
    assert "agreed" not in wrong
    wrong = Everything({"name": "五个字的名", "trouble": "十" * 12, "kind": "", "count": "0"}).errors
    assert wrong["name"] == ["最多4个字，现在有5个字"]
    assert wrong["trouble"] == ["最多10个字，现在有12个字"]
    assert wrong["kind"] == ["请选择类别"]
    assert wrong["count"] == ["不能小于1"]


def test_a_browser_is_never_told_to_cut() -> None:
    drawn = str(Everything())
    assert "maxlength" not in drawn and 'data-limit="10"' in drawn
    assert " required" not in drawn and 'aria-required="true"' in drawn


def test_text_is_normalised_only_in_single_lines() -> None:
    assert forms.LineField().clean("  ＡＢ１２ ") == "AB12"
    assert forms.LineField(plain=False).clean("ＡＢ") == "ＡＢ"
    assert (forms.LineField().clean("王\x00工"), forms.TextArea().clean("王\x00工")) == ("王工", "王工")
    assert forms.TextArea().clean("（一）\r\n２") == "（一）\n２"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("138 0013 800", "少1位，手机号应为11位"),
        ("1380013800012", "多2位，手机号应为11位"),
        ("0913-2930000", "手机号码应为11位数字，以1开头，请核对"),
        ("", "这个字段是必填项。"),
    ],
)
def test_phone_says_what_is_wrong(typed: str, said: str) -> None:
    assert error(forms.PhoneField(), typed) == said


@pytest.mark.parametrize("typed", ["199 0000 0001", "+86 19900000001", "１９９－００００－０００１"])
def test_phone_forgives_how_it_is_written(typed: str) -> None:
    assert forms.PhoneField().clean(typed) == "19900000001"
    assert forms.PhoneField(required=False).clean("") == ""


def test_a_document_is_checked_against_the_day_of_the_form() -> None:
    class Join(forms.Form):
        document = forms.DocumentField(label="身份证号码")

    number = codes.make_identity("610502", date(2026, 11, 24), 7)
    assert Join({"document": number.lower()}, on=date(2026, 11, 24)).is_valid()
    early = Join({"document": number}, on=date(2026, 11, 23))
    assert not early.is_valid() and "还没有到" in early.errors["document"][0]
    slip = Join({"document": number[:-1] + ("1" if number[-1] != "1" else "2")}, on=date(2026, 11, 24))
    assert not slip.is_valid() and not str(slip.errors["document"][0]).endswith("。")
    assert "data-private" in str(Join()["document"])


def test_credit_code() -> None:
    code = codes.make_uscc("91", "610502", 12)
    assert forms.CreditCodeField().clean(code.lower()) == code
    assert error(forms.CreditCodeField(), "91")


@pytest.mark.parametrize(
    ("typed", "fen"), [("1,860", 186000), ("￥1860.5", 186050), ("1860元", 186000), ("０.０１", 1)]
)
def test_money_is_fen(typed: str, fen: int) -> None:
    assert forms.MoneyField().clean(typed) == fen


def test_money_limits_and_nothing() -> None:
    field = forms.MoneyField(least_fen=100, most_fen=200000, required=False)
    assert field.clean("") is None
    assert error(field, "0.99") == "不能少于1.00元"
    assert error(field, "2000.01") == "不能多于2,000.00元"
    assert error(field, "-3") == "金额不能是负数"

    class Pay(forms.Form):
        wage = forms.MoneyField(label="工资")

    assert 'value="1860.5"' in str(Pay(initial={"wage": 186050})["wage"])
    assert 'value="18元6"' in str(Pay({"wage": "18元6"})["wage"])


@pytest.mark.parametrize(
    "typed", ["2026-11-24", "2026年11月24日", "20261124", "2026/11/24", "2026.11.24", "２０２６－１１－２４"]
)
def test_a_day_is_read_in_every_usual_shape(typed: str) -> None:
    assert forms.DayField().clean(typed) == date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["去年冬天", "46350", "2026-11", "2026-02-30", "24/11/2026"])
def test_a_day_that_cannot_be_read_is_refused_in_words(typed: str) -> None:
    assert any("一" <= sign <= "鿿" for sign in error(forms.DayField(), typed))


def test_a_day_has_limits() -> None:
    field = forms.DayField(earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    assert error(field, "2025-12-31") == "不能早于2026-01-01"
    assert error(field, "2027-01-01") == "不能晚于2026-12-31"
    assert forms.DayField(required=False).clean("") is None


def test_tiles_keep_icons_and_refuse_strange_values() -> None:
    class Rate(forms.Form):
        rating = forms.ChoiceTiles(label="满意吗", choices=[("3", "满意", "mood-smile"), ("1", "不满意")], faces=True)

    drawn = str(Rate()["rating"])
    assert "icons.svg#mood-smile" in drawn and drawn.count('type="radio"') == 2 and "uh-faces" in drawn
    assert "checked" in str(Rate(initial={"rating": "1"})["rating"])
    assert Rate({"rating": "3"}).is_valid()
    assert Rate({"rating": "2"}).errors["rating"] == ["选项里没有这一项，请重新选"]


class Upload(forms.Form):
    photos = forms.UploadField(label="照片", max_count=2, max_bytes=2048, required=False)


def upload(*sizes: int) -> Upload:
    files = [SimpleUploadedFile(f"图{number}.jpg", b"x" * size) for number, size in enumerate(sizes)]
    return Upload({}, MultiValueDict({"photos": files}))


def test_files_come_as_a_list() -> None:
    sent = upload(10, 20)
    assert sent.is_valid() and [one.size for one in sent.cleaned_data["photos"]] == [10, 20]
    none = Upload({}, MultiValueDict())
    assert none.is_valid() and none.cleaned_data["photos"] == []


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((1, 1, 1), "最多2个文件，现在选了3个"),
        ((0,), "“图0.jpg”是空文件，请重新选"),
        ((1, 3000), "“图1.jpg”有3KB，超过了2KB，请压缩后再传"),
    ],
)
def test_files_are_refused_in_words(sizes: tuple[int, ...], said: str) -> None:
    assert upload(*sizes).errors["photos"] == [said]


def test_a_missing_file_is_asked_for() -> None:
    class Needed(forms.Form):
        scan = forms.UploadField(label="盖章扫描件", multiple=False)

    assert Needed({}, MultiValueDict()).errors["scan"] == ["请上传盖章扫描件"]
    assert "multiple" not in str(Needed()["scan"])


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1KB"), (49152, "48KB"), (11953766, "11.4MB"), (10485760, "10MB"), (10485761, "10.1MB")]
)
def test_size_text(count: int, text: str) -> None:
    assert forms.size_text(count) == text


def test_a_filter_form_needs_nothing_and_has_no_key() -> None:
    class Find(forms.FilterForm):
        q = forms.LineField(label="找什么")

    assert Find({}).is_valid() and "submit_key" not in Find().fields


def test_a_form_draws_itself_with_the_kit() -> None:
    drawn = str(Everything({"name": ""}))
    assert "uh-errors" in drawn and 'id="id_name_error"' in drawn
    assert 'aria-describedby="id_name_error"' in drawn and 'aria-invalid="true"' in drawn
    assert 'name="submit_key"' in drawn and "form-select" in drawn and 'role="switch"' in drawn

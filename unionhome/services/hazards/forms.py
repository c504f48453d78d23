"""Input of the hazard pages."""

from typing import Any

from django import forms

from unionhome.kit.forms import (
    ChoiceTiles,
    DayField,
    Form,
    LineField,
    PhoneField,
    SwitchField,
    TextArea,
    UploadField,
    dress,
)
from unionhome.services.hazards.models import Grade
from unionhome.services.hazards.workflow import CATEGORIES

PHOTO_BYTES = 40 * 1024 * 1024
MOST_PHOTOS = 9


def _photos(**kwargs: Any) -> UploadField:
    return UploadField(max_count=MOST_PHOTOS, max_bytes=PHOTO_BYTES, button="拍照或选照片", **kwargs)


class ReportForm(Form):
    """A hazard: photographs first, then what, where, a few words."""

    photos = _photos(
        label="先拍照片",
        help_text="1 到 9 张。照片里的位置、时间、机型会去掉。请站在安全的地方拍。",
        error_messages={"required": "请先拍一张照片"},
    )
    category = ChoiceTiles(label="是哪一类？", choices=[(each.code, each.label, each.icon) for each in CATEGORIES])
    text = TextArea(label="哪里不安全？", max_length=2000, rows=3, placeholder="比如：三楼楼梯口没有护栏，下面有人走")
    town = forms.ChoiceField(label="在哪个镇街", required=False, choices=())
    place_text = LineField(label="具体位置", max_length=80, required=False, help_text="比如：东风街工地北门。")
    point = LineField(
        label="地图上的位置", max_length=60, required=False, help_text="用手机定位会自己填好。也可以写成“纬度,经度”。"
    )
    employer_text = LineField(label="是哪个单位的", max_length=60, required=False, help_text="填了更快送到。")
    hide = SwitchField(
        label="不让单位知道", initial=True, icon="eye-off", help_text="打开后，单位和单位工会不知道是谁拍的。"
    )
    anonymous = SwitchField(
        label="匿名", icon="user", help_text="打开后，工会也不知道您是谁。凭网址看进度，请收好网址。"
    )
    phone = PhoneField(label="联系电话", required=False, help_text="工会找不到地方时能问您。打开了匿名，就不留电话。")

    def __init__(self, *args: Any, towns: list[Any], ask_phone: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", "请选镇街"), *towns]  # type: ignore[attr-defined]
        for name in ("town", "point"):
            self.fields[name].optional_note = "两样填一样"  # type: ignore[attr-defined]
        if not ask_phone:
            del self.fields["phone"]


class DismissForm(Form):
    """Why it is no hazard."""

    reason = TextArea(label="为什么不是隐患", max_length=300, rows=3, help_text="拍照片的人会看到。")


class MergeForm(Form):
    """Which report is of the same hazard."""

    number = LineField(label="同一处隐患的编号", max_length=24, help_text="比如 YH-20261122-0007。")


class GradeForm(Form):
    """General or major, and by which words."""

    grade = ChoiceTiles(
        label="等级",
        choices=[
            (Grade.GENERAL, "一般隐患", "alert-circle"),
            (Grade.MAJOR, "重大隐患", "alert-triangle"),
        ],
    )
    note = TextArea(label="补充说明", max_length=100, rows=2, required=False)


class SendForm(Form):
    """Which unit is asked to put it right, and by when."""

    employer_text = LineField(label="责任单位", max_length=60, help_text="写全称，或者统一社会信用代码。")
    is_unregistered = SwitchField(label="名册里没有这个单位", help_text="名册里确实没有，又核对过全称的，打开它再发。")
    due_on = DayField(label="请在哪一天以前改好")
    text = TextArea(label="建议怎么改", max_length=1000, rows=4, help_text="工会提建议，不下命令。")


class PlanForm(Form):
    """The five fixes (五落实) of a major hazard."""

    duty = LineField(label="责任", max_length=200, help_text="谁负责整改。")
    measures = LineField(label="措施", max_length=200)
    funds = LineField(label="资金", max_length=200)
    schedule = LineField(label="时限", max_length=200)
    emergency = LineField(label="预案", max_length=200, help_text="整改期间出了险情怎么办。")


class AnswerForm(Form):
    """What the unit did, with photographs afterwards."""

    photos = _photos(label="整改后的照片", error_messages={"required": "请放一张整改后的照片"})
    text = TextArea(label="怎么改的", max_length=1000, rows=3)


class WordsForm(Form):
    """A step that needs a few words."""

    text = TextArea(label="说明", max_length=1000, rows=3)


class ReturnForm(Form):
    """What is still not right, and until when."""

    reason = TextArea(label="哪里没改好", max_length=300, rows=3)
    due_on = DayField(label="请在哪一天以前改好")


class UrgeForm(Form):
    """A follow-up order: what is still open, and until when."""

    text = TextArea(label="督办意见", max_length=1000, rows=3)
    due_on = DayField(label="请在哪一天以前改好")


class HandOverForm(Form):
    """To which authority it goes, with which paper."""

    authority = LineField(label="移交给哪个部门", max_length=80, help_text="比如：区应急管理局。")
    paper_number = LineField(label="文号", max_length=60)
    text = TextArea(label="移交说明", max_length=1000, rows=3)
    by_interface = SwitchField(label="同时用接口送过去", icon="send")
    photo_is_clear = SwitchField(label="看过了，第一张照片里没有人，一起送", icon="photo")


class ServicesForm(Form):
    """Which of the authority's kinds each of ours is."""

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in CATEGORIES:
            one = forms.ChoiceField(label=each.label, choices=[("", "不送"), *services], required=False)
            one.optional_note = "可以不送"  # type: ignore[attr-defined]
            dress(one, None)
            self.fields[each.code] = one

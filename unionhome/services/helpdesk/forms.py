"""Input of the help pages: few fields, all but the words and a phone optional."""

from hashlib import sha256
from typing import Any

from django import forms

from unionhome.core.organizations.queries import find_village_in, list_divisions
from unionhome.kit.forms import (
    ChoiceTiles,
    DayField,
    FilterForm,
    Form,
    LineField,
    PhoneField,
    SwitchField,
    TextArea,
    UploadField,
    dress,
)
from unionhome.services.helpdesk.rules.helped import Consent, Gathered, Relation
from unionhome.services.helpdesk.workflow import CATEGORIES

PHOTO_BYTES = 40 * 1024 * 1024
AUDIO_BYTES = 20 * 1024 * 1024


class AskForm(Form):
    """A worker's need. `phone` is asked only of somebody who has not signed in."""

    text = TextArea(
        label="遇到了什么难处？",
        max_length=2000,
        rows=4,
        placeholder="一句话就行，比如：公司两个月没发工资",
        help_text="一句话就行，不用登录。照片、语音、位置可不填。",
    )
    category = ChoiceTiles(label="是哪一类？", choices=[(each.code, each.label, each.icon) for each in CATEGORIES])
    phone = PhoneField(label="联系电话", help_text="只有经办人能看到。")
    employer_text = LineField(label="在哪个单位上班", max_length=60, required=False, help_text="填了能更快找对工会。")
    town = forms.ChoiceField(label="在哪个镇街", required=False, choices=())
    village = forms.CharField(label="哪个村（社区）", required=False, max_length=12, widget=forms.Select)
    place_text = LineField(label="具体位置", max_length=80, required=False, help_text="可不填，比如：东风街工地北门。")
    hide = SwitchField(
        label="不让单位知道", initial=True, icon="eye-off", help_text="打开后，我们不会告诉单位和单位工会是您提的。"
    )
    photos = UploadField(label="照片", required=False, max_count=6, max_bytes=PHOTO_BYTES, button="照片")
    voice = UploadField(
        label="语音", required=False, multiple=False, max_bytes=AUDIO_BYTES, accept="audio/*", button="语音"
    )
    join = SwitchField(
        label="和已有的一起办",
        required=False,
        icon="users",
        help_text="有结果一起告诉您；写的话和电话，互相看不到。",
    )
    shown_union = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, towns: list[Any], ask_phone: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", "不知道，或不在下面"), *towns]  # type: ignore[attr-defined]
        if not ask_phone:
            del self.fields["phone"]
        town = str((self.data if self.is_bound else self.initial).get("town", ""))
        villages = [(each.code, each.people_name) for each in list_divisions(town)] if town else []
        self.fields["village"].widget.choices = [("", "不知道，或不在下面"), *villages]

    def clean_village(self) -> str:
        """A village of the town that was chosen; after another town was, none."""
        code = str(self.cleaned_data.get("village", ""))
        return code if code and find_village_in(code, str(self.data.get("town", ""))) else ""


class CallerForm(Form):
    """Whether who rang is a member with the same number, and how that was found out."""

    answer = forms.ChoiceField(
        label="是不是同一个人",
        choices=(("yes", "是这位会员"), ("no", "不是，只是号码一样")),
        widget=forms.RadioSelect(attrs={"class": "uh-radio"}),
    )
    how = TextArea(label="怎么核对的", max_length=200, rows=2, help_text="比如：问了姓名和在哪个单位，都对得上。")


class RegisterForm(AskForm):
    """The same, written down by a cadre beside the worker: who helped, and that the worker agreed (帮代办)."""

    name = LineField(label="职工姓名", max_length=30, required=False)
    phone = PhoneField(label="职工的电话", required=False, help_text="编号和查进度的网址会发到这个手机。")
    origin = forms.ChoiceField(label="从哪里来的", choices=Gathered.choices, initial=Gathered.WALK_IN, required=False)
    relation = forms.ChoiceField(label="谁来帮办", choices=Relation.choices, initial=Relation.CADRE)
    helper_name = LineField(label="帮办人姓名", max_length=30, required=False, help_text="自己登记的不用填。")
    helper_phone = PhoneField(
        label="帮办人的手机号", required=False, help_text="加密保存。凭它登录，能看到办到哪一步。"
    )
    is_contact = SwitchField(
        label="本人没有电话", icon="phone", help_text="打开后，工会打给帮办人；回执请打印出来交给本人。"
    )
    consent = forms.ChoiceField(
        label="本人同意代办",
        choices=[("", "还没有问"), *Consent.choices],
        required=False,
        help_text="谁、什么时候问的，会记下来。",
    )
    slip = UploadField(
        label="签字的同意书",
        required=False,
        multiple=False,
        max_bytes=PHOTO_BYTES,
        button="拍照片",
        help_text="可不填。",
    )
    field_order = ("text", "category", "name", "phone")


class OrderForm(Form):
    """One order of the 12351 hotline, typed by hand."""

    number = LineField(label="工单编号", max_length=40)
    called = LineField(label="来电时间", max_length=30, required=False, help_text="比如 2026-03-10 09:30。")
    name = LineField(label="来电人", max_length=30, required=False)
    phone = LineField(label="联系电话", max_length=30, help_text="手机、座机都可以。")
    text = TextArea(label="诉求内容", max_length=2000, rows=4)
    category = ChoiceTiles(label="是哪一类？", choices=[(each.code, each.label, each.icon) for each in CATEGORIES])
    employer = LineField(label="工作单位", max_length=60, required=False, help_text="写全称，能找对工会。")
    town = forms.ChoiceField(label="在哪个镇街", required=False, choices=())
    return_on = DayField(label="要求反馈日期", required=False)
    is_quiet = SwitchField(label="要求保密", icon="eye-off", help_text="和本单位有关的类别，不打开也不让单位知道。")

    def __init__(self, *args: Any, towns: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", "不知道，或不在下面"), *towns]  # type: ignore[attr-defined]


class OrderSheetForm(Form):
    """A sheet of orders."""

    file = UploadField(
        label="工单表文件",
        multiple=False,
        max_bytes=10 * 1024 * 1024,
        accept=".xlsx,.xls,.csv",
        button="选工单表文件",
        help_text=".xlsx、.xls 或 .csv，最大10MB，一次最多2000件",
    )


class WordsForm(Form):
    """Which category each of a sheet's unknown words means; what is left open stays 其他. A field is named by its word:
    places move as soon as somebody has saved one, and a form that was open before would teach another word."""

    def __init__(self, *args: Any, words: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {word: f"word_{sha256(word.encode()).hexdigest()[:16]}" for word in words}
        choices = [("", "先归“其他”"), *((each.code, each.label) for each in CATEGORIES)]
        for word, count in words.items():
            field = forms.ChoiceField(label=f"“{word}”，{count}件", choices=choices, required=False)
            self.fields[self.names[word]] = field
            dress(field, None)

    @property
    def meanings(self) -> dict[str, str]:
        """Categories by word, those chosen."""
        return {word: self.cleaned_data[name] for word, name in self.names.items()}


class ReturnForm(FilterForm):
    """The time whose orders go back to the hotline."""

    begins_on = DayField(label="登记日期从")
    ends_on = DayField(label="到")
    only_ended = SwitchField(label="只要办结的")

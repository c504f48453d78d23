"""Input of the help pages: few fields, all but the words and a phone optional."""

from typing import Any

from django import forms

from unionhome.kit.forms import ChoiceTiles, Form, LineField, PhoneField, SwitchField, TextArea, UploadField
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


class RegisterForm(AskForm):
    """The same, written down by a cadre beside the worker."""

    name = LineField(label="职工姓名", max_length=30, required=False)
    field_order = ("text", "category", "name", "phone")

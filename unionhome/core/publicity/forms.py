"""Input of the pages of public notices."""

from typing import Any

from django import forms

from unionhome.core.publicity.models import Place
from unionhome.core.publicity.queries import PHASES, list_kinds
from unionhome.kit.forms import ChoiceTiles, DayField, FilterForm, Form, LineField, TextArea, UploadField

PHOTO_BYTES = 40 * 1024 * 1024
MOST_PHOTOS = 6
PLACE_ICONS = {"workplace": "building", "community": "building-community", "online": "world"}


def _pictures(name: str, help_text: str, *, required: bool = False, scans: bool = False) -> UploadField:
    return UploadField(
        label=name,
        required=required,
        max_count=MOST_PHOTOS,
        max_bytes=PHOTO_BYTES,
        button="拍照或选照片",
        help_text=help_text,
        accept="image/*,.pdf" if scans else "image/*",
    )


class NoticeFilter(FilterForm):
    """What narrows the list."""

    phase = forms.ChoiceField(required=False, choices=[(phase, phase) for phase in PHASES])


class DraftForm(Form):
    """A list, pasted or as a sheet."""

    kind = forms.ChoiceField(label="哪一类名单", choices=())
    title = LineField(label="标题", max_length=80, help_text="比如：关于2026年困难职工帮扶名单的公示。")
    text = TextArea(
        label="名单",
        max_length=200_000,
        rows=8,
        required=False,
        help_text="从表格里复制过来，第一行是栏目。证件、电话、账号、病情、孩子和学校不能公示，姓名会自动隐去中间的字。",
    )
    sheet = UploadField(
        label="或者传表格",
        required=False,
        max_count=1,
        max_bytes=PHOTO_BYTES,
        accept=".xlsx,.xls,.csv",
        button="选表格",
        help_text="第一行是栏目，和上面的名单二选一。",
    )
    place = ChoiceTiles(
        label="贴在哪里", choices=[(code, label, PLACE_ICONS[code]) for code, label in Place.choices], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in list_kinds()]  # type: ignore[attr-defined]


class PostForm(Form):
    """Where it hangs, since when, with photographs."""

    place = ChoiceTiles(label="贴在哪里", choices=[(code, label, PLACE_ICONS[code]) for code, label in Place.choices])
    place_text = LineField(label="具体位置", max_length=80, required=False, help_text="比如：食堂门口的公示栏。")
    posted_on = DayField(label="哪天贴的", help_text="公示期从第二天起算。")
    photos = _pictures("贴出来的照片", "拍到公示和周围，照片里的位置、机型会去掉。网上公示不用拍。")


class ExtendForm(Form):
    """How much longer, and why."""

    days = forms.IntegerField(label="延长几个工作日", min_value=1, max_value=60)
    reason = TextArea(label="为什么延长", max_length=300, rows=3, help_text="比如：公示被风刮掉，10日才补贴。")


class ReasonForm(Form):
    """Why."""

    reason = TextArea(label="原因", max_length=300, rows=3)


class LetterForm(Form):
    """An objection that came on paper."""

    text = TextArea(label="信里说了什么", max_length=1000, rows=4)
    name = LineField(label="谁提的", max_length=40, required=False, help_text="没有写姓名的不填。")
    contact = LineField(label="联系方式", max_length=40, required=False)
    photos = _pictures("来信", "一页一张，或者扫描成 PDF。", scans=True)


class ObjectForm(Form):
    """An objection from anybody."""

    text = TextArea(label="哪里不对", max_length=1000, rows=5, help_text="说清楚是哪一个人、哪一条，您知道什么。")
    name = LineField(label="您的姓名", max_length=40, required=False)
    contact = LineField(label="怎么联系您", max_length=40, required=False, help_text="可以不填，凭查询码也能看到答复。")
    photos = _pictures("材料的照片", "可以不传。")


class AnswerForm(Form):
    """What was found."""

    outcome = ChoiceTiles(
        label="查下来怎么样",
        choices=[("dismiss", "不成立", "circle-check"), ("uphold", "成立，名单要改", "alert-circle")],
    )
    text = TextArea(label="答复", max_length=1000, rows=5, help_text="提异议的人会看到这些话，不要写别人的隐私。")
    scans = _pictures("签了字的核查单", "拍照，或者扫描成 PDF。只有工会能看。", scans=True)

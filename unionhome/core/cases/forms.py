"""Input of the case pages: what a handler writes, and why."""

from typing import Any

from django import forms

from unionhome.core.cases.models import Difficulty
from unionhome.core.cases.rules import UNSEAL_REASONS
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
)


class WriteForm(Form):
    """A reply to the applicant or a note for colleagues."""

    text = TextArea(label="内容", max_length=2000, rows=3)
    visible = forms.ChoiceField(
        label="给谁看",
        choices=(("worker", "答复本人"), ("union", "内部记录"), ("sealed", "密封记录")),
        initial="worker",
        widget=forms.RadioSelect(attrs={"class": "uh-radio"}),
    )


class StampForm(Form):
    """One of the three firsts: what was done, with photos as evidence."""

    text = TextArea(label="做了什么", max_length=1000, rows=3, help_text="职工会在手机上看到这句话。")
    photos = UploadField(label="照片", required=False, max_count=6, max_bytes=40 * 1024 * 1024, button="选照片")


class ReasonForm(Form):
    """A step that needs its reason."""

    reason = TextArea(label="原因", max_length=300, rows=3)


class UnsealForm(Form):
    """Why somebody opens a note that was not written for them."""

    reason = forms.ChoiceField(label="打开的原因", choices=[("", "请选一个原因"), *UNSEAL_REASONS.items()])
    words = TextArea(
        label="写明为什么", max_length=100, rows=2, help_text="写的人和系统管理员会收到消息，操作日志里有。"
    )


class OutcomeForm(Form):
    """How the matter ended."""

    text = TextArea(label="办理结果", max_length=2000, rows=4, help_text="职工会看到，并请职工评价。")


class CheckForm(Form):
    """What was looked at before a drawn matter closes."""

    text = TextArea(
        label="看了什么", max_length=500, rows=3, help_text="比如：回访了本人，措施有凭据，时限都按时。职工看不到。"
    )


class MassForm(Form):
    """Why a case is one of many people."""

    people_count = forms.IntegerField(
        label="多少人", min_value=1, max_value=100_000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    text = TextArea(
        label="现场是什么情况", max_length=1000, rows=3, help_text="在哪里、什么诉求、有没有危险。职工看不到。"
    )


class NameForm(Form):
    """Who is named for a mass matter."""

    username = LineField(label="登录名", max_length=40, help_text="点名以后，这个人看得到、能一起办。")


class ReferForm(Form):
    """Which union goes on with it, and why."""

    node = forms.ChoiceField(label="转给哪个工会", choices=())
    reason = TextArea(label="原因", max_length=300, rows=3)

    def __init__(self, *args: Any, unions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].choices = [("", "请选工会"), *unions]  # type: ignore[attr-defined]


class CategoryForm(Form):
    """The right category. `choices` say where each leads."""

    category = forms.ChoiceField(
        label="应该是哪一类", choices=(), widget=forms.RadioSelect(attrs={"class": "uh-radio"}),
        error_messages={"required": "请选一个类别"},
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = choices  # type: ignore[attr-defined]


class DifficultyForm(Form):
    """How difficult a matter is, and why."""

    difficulty = forms.ChoiceField(
        label="难度", choices=Difficulty.choices, widget=forms.RadioSelect(attrs={"class": "uh-radio"})
    )
    reason = TextArea(label="为什么", max_length=300, rows=3, help_text="职工会看到。")


class FollowForm(Form):
    """The number of the matter that this one goes with."""

    number = LineField(label="并到哪一件", max_length=24, help_text="填编号，比如 SQ-20261122-0007。")
    is_same = SwitchField(
        label="类别不一样，也是同一件事", help_text="两件的类别不一样，核对过确实是同一件事的，才打开它。"
    )


class HandoverForm(Form):
    """What goes to whom outside of the union, and by when an answer is asked for."""

    authority = LineField(label="移交给哪个部门", max_length=60, help_text="写全称，比如：渭南市人力资源和社会保障局。")
    text = TextArea(
        label="送了什么，请对方办什么", max_length=1000, rows=4, help_text="比如投诉书、工资条复印件。职工会看到。"
    )
    identity = forms.ChoiceField(
        label="对方知道是谁吗",
        choices=(("named", "本人同意，姓名、电话告诉了对方"), ("unnamed", "没有告诉对方是谁")),
        widget=forms.RadioSelect(attrs={"class": "uh-radio"}),
        error_messages={"required": "先问本人同不同意，再选一个"},
    )
    paper_number = LineField(label="文号", max_length=60, required=False)
    sent_on = DayField(label="哪一天送出的")
    due_on = DayField(label="哪一天以前要有回音", help_text="到这一天还没有，收件箱会提醒催问。")
    photos = UploadField(
        label="送出的材料照片", required=False, max_count=6, max_bytes=40 * 1024 * 1024, button="选照片"
    )


class HeardForm(Form):
    """How it came back."""

    answer = forms.ChoiceField(label="对方怎么说", choices=(), widget=forms.RadioSelect(attrs={"class": "uh-radio"}))
    text = TextArea(label="说明", max_length=1000, rows=3, required=False, help_text="职工会看到。")
    due_on = DayField(label="下一次哪天催问", required=False, help_text="对方受理了、还要等结果的，才填。")

    def __init__(self, *args: Any, answers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]


class AssignForm(Form):
    """Handler and stand-in. `away`: who of them is away on the coming days, in words."""

    handler = forms.ChoiceField(label="经办人（A岗）", choices=(), required=False)
    stand_in = forms.ChoiceField(label="替班人（B岗）", choices=(), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], away: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].help_text = "；".join(away)
        for name in ("handler", "stand_in"):
            self.fields[name].choices = [("", "暂不指派"), *people]  # type: ignore[attr-defined]


class RateForm(Form):
    """The applicant's word."""

    rating = ChoiceTiles(
        label="办到现在，您满意吗？",
        choices=(
            ("satisfied", "满意", "mood-smile"),
            ("fairly", "基本满意", "mood-neutral"),
            ("not", "不满意", "mood-sad"),
        ),
        faces=True,
    )
    text = TextArea(label="想说的话", max_length=500, rows=2, required=False)


class MaterialForm(Form):
    """Words or photos that the applicant adds."""

    text = TextArea(label="补充说明", max_length=2000, rows=3, required=False)
    photos = UploadField(label="照片", required=False, max_count=6, max_bytes=40 * 1024 * 1024, button="选照片")


class AppealForm(Form):
    """Why the applicant does not accept how a matter ended, and what should be done."""

    text = TextArea(label="为什么不服，希望怎么办", max_length=2000, rows=5)
    photos = UploadField(label="照片", required=False, max_count=6, max_bytes=40 * 1024 * 1024, button="选照片")


class WithdrawForm(Form):
    """Why the applicant takes the matter back."""

    reason = TextArea(label="为什么撤回", max_length=200, rows=2, required=False)


class TemplateForm(Form):
    """Words for a reply, kept for later ones."""

    title = LineField(label="名字", max_length=12, help_text="显示在答复框旁边，比如“约时间”。")
    text = TextArea(label="内容", max_length=600, rows=5, help_text="职工会看到。花括号里的词会自动换掉。")


class RuleForm(Form):
    """How long the union that was told has before the next one is told."""

    step_minutes = forms.IntegerField(
        label="每一级等多少分钟", min_value=30, max_value=2400, help_text="上班时间的分钟数，30 到 2400，比如 120。"
    )


class EndRuleForm(Form):
    """Why a rule ends."""

    reason = LineField(label="停用的原因", max_length=200)


class CaseFilter(FilterForm):
    """What narrows the list of cases; the address is the state."""

    q = LineField(max_length=60)
    phase = forms.CharField(max_length=10)
    kind = forms.CharField(max_length=40)
    category = forms.CharField(max_length=24)
    origin = forms.CharField(max_length=16)


class OutsideForm(Form):
    """A matter as another system hands it over: the fields of Open311 GeoReport v2 that are kept, and its attributes."""

    service_code = LineField(label="类别", max_length=24)
    description = TextArea(label="说明", max_length=4000)
    address_string = LineField(label="地址", max_length=120, required=False)
    address_id = LineField(label="地址编码", max_length=12, required=False)
    lat = forms.FloatField(label="纬度", min_value=-90, max_value=90, required=False)
    long = forms.FloatField(label="经度", min_value=-180, max_value=180, required=False)
    first_name = LineField(label="名", max_length=30, required=False)
    last_name = LineField(label="姓", max_length=30, required=False)
    phone = PhoneField(label="联系电话", required=False)
    media_url = forms.URLField(label="照片链接", max_length=500, required=False, assume_scheme="https")
    photos = UploadField(label="照片", required=False, max_count=9, max_bytes=40 * 1024 * 1024)

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        lat, long = clean.get("lat"), clean.get("long")
        if (lat is None) != (long is None):
            self.add_error("lat", "lat 和 long 要一起填")
        clean["point"] = f"{lat:.6f},{long:.6f}" if lat is not None and long is not None else ""
        if not (clean["point"] or clean.get("address_string") or clean.get("address_id")) and not self.errors:
            self.add_error("address_string", "lat 和 long、address_string、address_id 至少填一样")
        if clean.get("media_url") and clean.get("description"):
            clean["description"] += f"\n照片链接：{clean['media_url']}"
        clean["employer"] = self.data.get("attribute[employer]", "").replace("\x00", "").strip()[:60]
        clean["hide"] = self.data.get("attribute[keep_from_employer]", "yes") != "no"
        return clean

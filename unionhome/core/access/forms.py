"""Input of the access pages."""

from datetime import date
from typing import Any

from django import forms as base

from unionhome.core.access.rules import DOCUMENT_TAIL
from unionhome.core.registry import ROLES
from unionhome.kit import forms

PRIVATE = {"data-private": ""}


def _password(label: str, autocomplete: str, help_text: str = "") -> base.CharField:
    widget = base.PasswordInput(attrs={"autocomplete": autocomplete, **PRIVATE})
    return base.CharField(label=label, max_length=128, strip=False, widget=widget, help_text=help_text)


def _code(label: str) -> forms.LineField:
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", **PRIVATE}
    return forms.LineField(label=label, max_length=12, widget=base.TextInput(attrs=attrs))


class Stay(forms.Form):
    """What a sign-in carries along: where to go afterwards, and a kept form."""

    next = base.CharField(required=False, widget=base.HiddenInput)
    kept = base.CharField(required=False, widget=base.HiddenInput)


class SignInForm(Stay):
    username = forms.LineField(
        label="登录名",
        max_length=40,
        widget=base.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password("密码", "current-password")


class _NewPassword(forms.Form):
    """A new password typed twice."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "两次写的不一样，请重写")
        return cleaned


NEW_HELP = "至少10个字符，小写字母、大写字母、数字、符号里有三种"


class RenewForm(_NewPassword, SignInForm):
    """Signing in with a password that ran out."""

    password = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password", NEW_HELP)
    again = _password("再写一次新密码", "new-password")


class PasswordForm(_NewPassword):
    old = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password", NEW_HELP)
    again = _password("再写一次新密码", "new-password")


class PhoneForm(Stay):
    phone = forms.LineField(
        label="手机号码",
        max_length=20,
        widget=base.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", **PRIVATE}),
    )


class CodeForm(Stay):
    phone = base.CharField(max_length=20, widget=base.HiddenInput)
    code = _code("短信里的6位验证码")


class DocumentForm(Stay):
    proof = base.CharField(max_length=1000, widget=base.HiddenInput)
    tail = forms.LineField(
        label=f"证件号码后{DOCUMENT_TAIL}位",
        max_length=DOCUMENT_TAIL,
        widget=base.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", **PRIVATE}),
    )


class FactorForm(forms.Form):
    next = base.CharField(required=False, widget=base.HiddenInput)
    code = _code("动态口令（6位数字）")


class ReasonForm(forms.Form):
    reason = forms.LineField(label="原因", max_length=100)


def _union(label: str, help_text: str = "") -> forms.LineField:
    attrs = {"list": "unions", "autocomplete": "off"}
    return forms.LineField(label=label, max_length=160, widget=base.TextInput(attrs=attrs), help_text=help_text)


class ChangeUserForm(forms.Form):
    name = forms.LineField(label="姓名", max_length=60)
    union = _union("所在工会", "写几个字，从列出的工会里选")
    post = forms.LineField(label="岗位", max_length=60, required=False)


class NewUserForm(ChangeUserForm):
    username = forms.LineField(
        label="登录名",
        max_length=40,
        help_text="字母开头，可用小写字母、数字、点和横线",
        widget=base.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    phone = forms.LineField(
        label="手机号码", max_length=20, required=False, widget=base.TextInput(attrs={"inputmode": "tel", **PRIVATE})
    )

    field_order = ("username", "name", "union", "post", "phone")


class GrantForm(forms.Form):
    """`today` is the day proposed for the start."""

    username = forms.LineField(
        label="登录名", max_length=40, widget=base.TextInput(attrs={"list": "accounts", "autocomplete": "off"})
    )
    role = base.ChoiceField(label="岗位权限", choices=[(role.name, role.label) for role in ROLES.values()])
    union = _union("范围", "这个工会和它下面的全部工会；写几个字，从列出的里选")
    starts_on = forms.DayField(label="从哪天起", help_text="通常是任职那天")
    ends_on = forms.DayField(label="到哪天止", required=False, help_text="这一天起不再有效；不填就是长期")
    reason = forms.LineField(label="事由", max_length=200, help_text="例如任职文件的文号")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today


class AbsenceForm(forms.Form):
    """`people` are the colleagues who can be asked: (id, name and post)."""

    starts_on = forms.DayField(label="从哪天起不在", help_text="从这一天的0时起")
    last_on = forms.DayField(label="到哪一天", help_text="这一天还不在，第二天0时起自己办")
    stand_in = base.ChoiceField(label="谁来代", choices=())

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].choices = [("", "请选同事"), *people]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """`permissions` are the ones the actor may hand on: (name, label)."""

    label = forms.LineField(label="给哪个程序用", max_length=60)
    days = base.IntegerField(label="有效多少天", min_value=1, initial=90)
    permissions = base.MultipleChoiceField(label="可以做什么", widget=base.CheckboxSelectMultiple)

    def __init__(self, *args: Any, permissions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = permissions  # type: ignore[attr-defined]


class JournalFilterForm(forms.FilterForm):
    kind = base.ChoiceField(label="业务")
    text = forms.LineField(label="内容或经办人", max_length=60)
    union = forms.LineField(label="工会编码或名称", max_length=120)
    from_on = forms.DayField(label="从哪天")
    to_on = forms.DayField(label="到哪天")

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部"), *kinds]  # type: ignore[attr-defined]

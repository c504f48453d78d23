"""Fields that are typed: words, numbers of people and firms, money, days. Every error is a Chinese sentence."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, ClassVar

from django import forms

from unionhome.kit import codes, dates, money
from unionhome.kit.errors import InputRefused

MOBILE_DIGITS = 11


def normalise(text: str) -> str:
    """Full-width digits and letters to plain ones (NFKC), spaces at the ends removed."""
    return unicodedata.normalize("NFKC", text).strip()


def _invalid(refused: InputRefused) -> forms.ValidationError:
    """A refusal of the kit as an error of a field, without the full stop that a list of errors does not want."""
    return forms.ValidationError(refused.sentence.removesuffix("。"), code=refused.code)


def _without_nulls(value: Any) -> Any:
    """Null signs come from broken programs, never from people, and no database keeps them."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def _without_cut(attrs: dict[str, Any]) -> dict[str, Any]:
    """A browser that knows the limit cuts off a pasted text without a word; the server says it instead."""
    return {name: value for name, value in attrs.items() if name not in ("maxlength", "minlength")}


class LineField(forms.CharField):
    """One line of text, at most `max_length` signs, cleaned with NFKC unless `plain` is off."""

    def __init__(self, *, max_length: int = 60, plain: bool = True, **kwargs: Any) -> None:
        self.plain = plain
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(_without_nulls(value)) or ""
        return normalise(text) if self.plain else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return _without_cut(super().widget_attrs(widget))


class TextArea(forms.CharField):
    """Several lines with a counter; `max_length` is a limit said aloud, never a silent cut."""

    def __init__(self, *, max_length: int = 2000, rows: int = 4, placeholder: str = "", **kwargs: Any) -> None:
        attrs: dict[str, Any] = {"rows": rows, "data-limit": max_length}
        if placeholder:
            attrs["placeholder"] = placeholder
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return _without_cut(super().widget_attrs(widget))

    def to_python(self, value: Any) -> str:
        return (super().to_python(_without_nulls(value)) or "").replace("\r\n", "\n")


class _ParsedField(forms.CharField):
    """A text that a parser of the kit turns into its normal form or refuses."""

    shown: ClassVar[dict[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=dict(self.shown)))
        super().__init__(**kwargs)

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None if self.empty_value is None else self.empty_value
        try:
            return self.parse(text)
        except InputRefused as refused:
            raise _invalid(refused) from refused


class PhoneField(_ParsedField):
    """A mobile number in any way people write it; cleans to eleven digits, or to an empty text."""

    shown = {"inputmode": "tel", "autocomplete": "tel", "type": "tel"}

    def parse(self, text: str) -> str:
        digits = "".join(sign for sign in normalise(text) if sign.isdigit())
        missing = MOBILE_DIGITS - len(digits)
        # Only a slip of a digit or two is counted: a number with +86 or a landline is something else.
        if digits.startswith("1") and 0 < abs(missing) <= 2:
            word = "少" if missing > 0 else "多"
            raise forms.ValidationError(f"{word}{abs(missing)}位，手机号应为{MOBILE_DIGITS}位", code="mobile.length")
        return codes.parse_mobile(text)


class DocumentField(_ParsedField):
    """The number of an identity document of one kind; cleans to its normal form. Never kept in a browser's draft.

    Birth days after the form's `on` are refused; a form without a day lets them pass.
    """

    shown = {"autocomplete": "off", "spellcheck": "false", "data-private": ""}

    def __init__(self, *, kind: codes.DocumentKind = codes.DocumentKind.RESIDENT, **kwargs: Any) -> None:
        self.kind = kind
        self.on: date | None = None
        super().__init__(**kwargs)

    def parse(self, text: str) -> str:
        return codes.parse_document(self.kind, text, on=self.on or date.max).number


class CreditCodeField(_ParsedField):
    """A unified social credit code (统一社会信用代码); cleans to eighteen capitals."""

    shown = {"autocomplete": "off", "spellcheck": "false"}

    def parse(self, text: str) -> str:
        return codes.parse_uscc(text)


class MoneyField(_ParsedField):
    """An amount typed in yuan, cleaned to integer fen (None when left empty); limits are in fen."""

    shown = {"inputmode": "decimal", "autocomplete": "off"}

    def __init__(self, *, least_fen: int = 0, most_fen: int | None = None, **kwargs: Any) -> None:
        self.least_fen = least_fen
        self.most_fen = most_fen
        kwargs.setdefault("empty_value", None)
        super().__init__(**kwargs)
        self.widget.unit = "元"

    def prepare_value(self, value: Any) -> Any:
        return money.plain_yuan(value) if isinstance(value, int) else value

    def parse(self, text: str) -> int:
        fen = money.parse_yuan(text)
        if fen < self.least_fen:
            raise forms.ValidationError(f"不能少于{money.yuan_text(self.least_fen)}元", code="money.least")
        if self.most_fen is not None and fen > self.most_fen:
            raise forms.ValidationError(f"不能多于{money.yuan_text(self.most_fen)}元", code="money.most")
        return fen


class DayField(forms.DateField):
    """A day typed as 2026-11-24, 2026年11月24日 or 20261124; also with dots or slashes. Cleans to a `date`."""

    default_error_messages: ClassVar = {"early": "不能早于%(day)s", "late": "不能晚于%(day)s"}

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        self.earliest = earliest
        self.latest = latest
        attrs = {"inputmode": "numeric", "placeholder": "例如2026-11-24", "autocomplete": "off", "data-day": ""}
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        # Eight digits are a day; fewer would be read as a day number of a spreadsheet.
        text = normalise(str(value)).replace(" ", "")
        try:
            return dates.parse_day(text if len(text) >= 8 else "")
        except InputRefused as refused:
            raise _invalid(refused) from refused

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise forms.ValidationError(self.error_messages["early"], code="early", params={"day": self.earliest})
        if value and self.latest and value > self.latest:
            raise forms.ValidationError(self.error_messages["late"], code="late", params={"day": self.latest})

"""Forms drawn by the kit: Chinese words for every error, a key that makes a double send count once, big targets.

A form turns input into clean values and saves nothing. Fields that a browser must not keep in a draft carry
`data-private`. Limits are checked here, not by the browser, so that what was typed is never cut off silently.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import (
    BaseValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.forms import renderers
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise, cached_property

from unionhome.kit import dates
from unionhome.kit.errors import InputRefused

MEBIBYTE = 1024 * 1024
Choice = tuple[str, str] | tuple[str, str, str]


class KitRenderer(renderers.BaseRenderer):
    """Draws forms with the project's templates, and widgets nobody restyled with Django's own."""

    form_template_name = "kit/parts/form.html"
    field_template_name = "kit/parts/field.html"

    @cached_property
    def fallback(self) -> renderers.DjangoTemplates:
        return renderers.DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return self.fallback.get_template(template_name)


def normalise(text: str) -> str:
    """Full-width digits and letters to plain ones (NFKC), spaces at the ends removed."""
    return unicodedata.normalize("NFKC", text).strip()


def _invalid(refused: InputRefused) -> forms.ValidationError:
    """A refusal of the kit as an error of a field, without the full stop that a list of errors does not want."""
    return forms.ValidationError(refused.sentence.removesuffix("。"), code=refused.code)


class Form(forms.Form):
    """Base of every form that is sent by POST. `cleaned_data["submit_key"]` is 32 hexadecimal characters."""

    default_renderer = KitRenderer
    use_required_attribute = False

    submit_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["submit_key"].initial = uuid.uuid4().hex
        for one in self.fields.values():
            _dress(one)

    def clean_submit_key(self) -> str:
        """The key the page was drawn with; a page without one gets a fresh key and so no protection."""
        try:
            return uuid.UUID(self.cleaned_data["submit_key"]).hex
        except ValueError:
            return uuid.uuid4().hex


class FilterForm(forms.Form):
    """Base of forms that narrow a list: sent by GET, nothing required, the address is the state."""

    default_renderer = KitRenderer
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.required = False
            _dress(one)


def _dress(one: forms.Field) -> None:
    """Class, kind and Chinese errors of a field, from what it is."""
    widget = one.widget
    _say_it_in_chinese(one)
    if isinstance(widget, forms.HiddenInput):
        return
    kind = _kind(widget)
    widget.kit_kind = kind
    if kind == "options":
        widget.template_name = "kit/widgets/options.html"
    css = {"select": "form-select", "text": "form-control", "textarea": "form-control", "check": "uh-check"}.get(kind)
    if css and "class" not in widget.attrs:
        widget.attrs["class"] = css
    if one.required and kind in ("text", "textarea", "select"):
        widget.attrs.setdefault("aria-required", "true")


def _kind(widget: forms.Widget) -> str:
    if known := getattr(widget, "kit_kind", ""):
        return str(known)
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "options"
    if isinstance(widget, forms.Select):
        return "many" if widget.allow_multiple_selected else "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "text"


def _say_it_in_chinese(one: forms.Field) -> None:
    """Replace the framework's messages; sentences written for this product are plain strings and stay."""
    label = str(one.label or "")
    # A label that asks a question cannot follow a verb.
    what = label if label and not label.endswith(("？", "?", "吗")) else "这一项"
    verb = "填写"
    if isinstance(one, (forms.ChoiceField, forms.ModelChoiceField)):
        verb = "选择"
    elif isinstance(one, forms.FileField):
        verb = "上传"
    words = {
        "required": f"请{verb}{what}",
        "invalid": f"{what}的格式不对，请检查",
        "invalid_choice": "选项里没有这一项，请重新选",
        "invalid_list": "请重新选",
    }
    for code, sentence in words.items():
        if isinstance(one.error_messages.get(code), Promise):
            one.error_messages[code] = sentence
    for validator in one.validators:
        if isinstance(validator, BaseValidator):
            validator.message = LIMIT_WORDS.get(type(validator), validator.message)


LIMIT_WORDS: dict[type[BaseValidator], str] = {
    MaxLengthValidator: "最多%(limit_value)d个字，现在有%(show_value)d个字",
    MinLengthValidator: "至少%(limit_value)d个字，现在有%(show_value)d个字",
    MaxValueValidator: "不能大于%(limit_value)s",
    MinValueValidator: "不能小于%(limit_value)s",
}


class LineField(forms.CharField):
    """One line of text, at most `max_length` signs, cleaned with NFKC unless `plain` is off."""

    def __init__(self, *, max_length: int = 60, plain: bool = True, **kwargs: Any) -> None:
        self.plain = plain
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return normalise(text) if self.plain else text


class TextArea(forms.CharField):
    """Several lines with a counter; `max_length` is a limit said aloud, never a silent cut."""

    def __init__(self, *, max_length: int = 2000, rows: int = 4, placeholder: str = "", **kwargs: Any) -> None:
        attrs: dict[str, Any] = {"rows": rows, "data-limit": max_length}
        if placeholder:
            attrs["placeholder"] = placeholder
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class TilesWidget(forms.RadioSelect):
    """Radio buttons drawn as tiles; `icons` maps a value to the icon above its word."""

    template_name = "kit/widgets/tiles.html"
    option_template_name = "kit/widgets/tile.html"
    kit_kind = "tiles"

    def __init__(self, *args: Any, icons: Mapping[str, str] | None = None, faces: bool = False, **kwargs: Any) -> None:
        self.icons = dict(icons or {})
        self.faces = faces
        super().__init__(*args, **kwargs)

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        option["icon"] = self.icons.get(str(value), "")
        return option

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["faces"] = self.faces
        return context


class ChoiceTiles(forms.ChoiceField):
    """One of a few choices, each `(value, label)` or `(value, label, icon)`; `faces` draws the taller rating tiles."""

    def __init__(self, *, choices: Sequence[Choice], faces: bool = False, **kwargs: Any) -> None:
        icons = {choice[0]: choice[2] for choice in choices if len(choice) == 3}
        kwargs.setdefault("widget", TilesWidget(icons=icons, faces=faces))
        super().__init__(choices=[choice[:2] for choice in choices], **kwargs)


class SwitchField(forms.BooleanField):
    """A switch that is on or off; `help_text` says what it does in both positions."""

    def __init__(self, *, icon: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.CheckboxInput(attrs={"class": "uh-switch", "role": "switch"})
        widget.kit_kind = "switch"  # type: ignore[attr-defined]
        widget.icon = icon  # type: ignore[attr-defined]
        super().__init__(widget=widget, **kwargs)


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


class ManyFilesInput(forms.FileInput):
    """A file control for one or several files, with a plain button once a script runs."""

    template_name = "kit/widgets/upload.html"
    kit_kind = "upload"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else list(files.get(name) or ())

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class UploadField(forms.FileField):
    """Files as a list, in the order chosen; `max_bytes` is for each file, `accept` as in HTML.

    The kind of a file is decided again from its bytes where it is sealed; here only names and sizes are looked at.
    """

    default_error_messages: ClassVar = {
        "too_many": "最多%(limit)d个文件，现在选了%(count)d个",
        "too_big": "“%(name)s”有%(size)s，超过了%(limit)s，请压缩后再传",
        "empty": "“%(name)s”是空文件，请重新选",
    }

    def __init__(
        self,
        *,
        multiple: bool = True,
        max_count: int = 9,
        max_bytes: int = 10 * MEBIBYTE,
        accept: str = "image/*",
        button: str = "选照片或文件",
        **kwargs: Any,
    ) -> None:
        self.max_count = max_count if multiple else 1
        self.max_bytes = max_bytes
        attrs: dict[str, Any] = {
            "accept": accept,
            "data-limit": max_bytes,
            "data-count": self.max_count,
            "data-button": button,
        }
        if multiple:
            attrs["multiple"] = True
        super().__init__(widget=ManyFilesInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = list(data or ())
        if self.required and not chosen:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(chosen) > self.max_count:
            self._refuse("too_many", limit=self.max_count, count=len(chosen))
        for one in chosen:
            self._check(one)
        return chosen

    def _check(self, one: UploadedFile) -> None:
        size = one.size or 0
        if size == 0:
            self._refuse("empty", name=one.name)
        if size > self.max_bytes:
            self._refuse("too_big", name=one.name, size=size_text(size), limit=size_text(self.max_bytes))

    def _refuse(self, code: str, **params: Any) -> None:
        raise forms.ValidationError(self.error_messages[code], code=code, params=params)


def size_text(count: int) -> str:
    """Bytes as people read them: 48KB, 11.4MB."""
    if count < MEBIBYTE:
        return f"{max(1, round(count / 1024))}KB"
    return f"{count / MEBIBYTE:.1f}".removesuffix(".0") + "MB"

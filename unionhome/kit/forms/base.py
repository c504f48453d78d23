"""Bases of forms, and what every field of theirs is given."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
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

LIMIT_WORDS: dict[type[BaseValidator], str] = {
    MaxLengthValidator: "最多%(limit_value)d个字，现在有%(show_value)d个字",
    MinLengthValidator: "至少%(limit_value)d个字，现在有%(show_value)d个字",
    MaxValueValidator: "不能大于%(limit_value)s",
    MinValueValidator: "不能小于%(limit_value)s",
}


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


class Form(forms.Form):
    """Base of every form that is sent by POST. `cleaned_data["submit_key"]` is 32 hexadecimal characters.

    `on` is the day of the act (`actor.at`'s), for fields that must know it.
    """

    default_renderer = KitRenderer
    use_required_attribute = False

    submit_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["submit_key"].initial = uuid.uuid4().hex
        for one in self.fields.values():
            dress(one, on)

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
            dress(one, None)


def dress(one: forms.Field, on: date | None) -> None:
    """Class, kind, day and Chinese errors of a field, from what it is."""
    widget = one.widget
    if hasattr(one, "on"):
        one.on = on
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

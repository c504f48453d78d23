"""The field by which people name a union: some words of its name, then one of those that are offered."""

import re
from typing import Any

from django import forms as plain
from django.urls import reverse
from django.utils.http import urlencode

MOST_NAMED = 5
MOST_TEXTS = 50
LONGEST = 160
_APART = re.compile(r"[\n，,、;；]+")


class UnionWidget(plain.Widget):
    """A line for each union, with the names that fit what is typed; the further lines are folded."""

    template_name = "organizations/widgets/unions.html"
    kit_kind = "unions"

    def __init__(self, *, lines: int = 1, attrs: dict[str, Any] | None = None) -> None:
        self.lines = lines
        super().__init__(attrs)

    @property
    def use_fieldset(self) -> bool:  # type: ignore[override]
        """Whether there is more than one line to label."""
        return self.lines > 1

    def id_for_label(self, id_: str) -> str:
        """The first line."""
        return f"{id_}_0" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The texts of all lines, each once."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        texts = (part.strip() for text in given for part in _APART.split(str(text).replace("\0", "")))
        return list(dict.fromkeys(text for text in texts if text))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The lines, as many as there are texts."""
        context = super().get_context(name, value, attrs)
        texts = [value] if isinstance(value, str) else list(value or [])
        texts += [""] * (max(self.lines, len(texts)) - len(texts))
        context["lines"] = [{"text": text, "id": f"id_{name}_{place}"} for place, text in enumerate(texts)]
        context["names_url"] = f"{reverse('organizations:names')}?{urlencode({'of': name})}"
        context["is_open"] = sum(bool(text) for text in texts) > 1
        return context


class UnionsField(plain.Field):
    """Several unions by name; cleans to their texts, in order and each once."""

    def __init__(self, *, lines: int = MOST_NAMED, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "写名称里的几个字，从列出的工会里选")
        kwargs.setdefault("widget", UnionWidget(lines=lines))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """The texts. Raises ValidationError for none, and for one that is too long for any name."""
        texts: list[str] = super().clean(value)
        if len(texts) > MOST_TEXTS:
            raise plain.ValidationError(f"一次最多写 {MOST_TEXTS} 个工会", code="many")
        if any(len(text) > LONGEST for text in texts):
            raise plain.ValidationError("名称太长，没有这样的工会，请写几个字再选", code="long")
        return texts


class UnionField(UnionsField):
    """One union by name; cleans to its text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lines=1, **kwargs)

    def clean(self, value: Any) -> str:  # type: ignore[override]
        """The text. Raises ValidationError for none, and for several."""
        texts = super().clean(value)
        if len(texts) > 1:
            raise plain.ValidationError("只写一个工会", code="many")
        return texts[0] if texts else ""

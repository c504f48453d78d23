"""Fields that are picked: tiles and switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

Choice = tuple[str, str] | tuple[str, str, str]


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

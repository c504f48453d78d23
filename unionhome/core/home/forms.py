"""Input of the inbox."""

from typing import Any

from django import forms

from unionhome.kit.forms import Form


class GiveForm(Form):
    """Whom the chosen items are given to. `away`: who of them is away on the coming days, in words."""

    receiver = forms.ChoiceField(label="交给谁", choices=(), help_text="只能选本工会的人。")

    def __init__(self, *args: Any, people: list[tuple[str, str]], away: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].help_text += "".join(f"{words}。" for words in away)
        self.fields["receiver"].choices = [("", "请选同事"), *people]  # type: ignore[attr-defined]

"""Forms of committees and posts."""

from typing import Any

from django import forms as plain

from unionhome.core.organizations.rules import COMMITTEES
from unionhome.kit import forms


class SeatsForm(forms.Form):
    """The seats of a committee from a day on."""

    kind = forms.ChoiceTiles(label="委员会", choices=COMMITTEES)
    seats_count = plain.IntegerField(label="委员名额", min_value=1, max_value=60)
    starts_on = forms.DayField(label="产生日期", help_text="选举或批复的那天")
    source = forms.LineField(label="依据", max_length=60, required=False, help_text="例如：换届批复文号")


class OfficerForm(forms.Form):
    """Who holds a post in which committee from when."""

    committee = forms.ChoiceTiles(label="委员会", choices=COMMITTEES)
    name = forms.LineField(label="姓名", max_length=40)
    post = forms.LineField(label="职务", max_length=40, help_text="例如：主席、副主席、主任、委员、财务委员")
    starts_on = forms.DayField(label="任职起")
    ends_on = forms.DayField(label="任职止", required=False, help_text="已经卸任的填，现任的不填")

    def values(self) -> dict[str, Any]:
        """What the action wants."""
        return {name: self.cleaned_data[name] for name in ("committee", "name", "post", "starts_on", "ends_on")}

"""What narrows the lists of unions."""

from django import forms as plain

from unionhome.core.organizations import queries
from unionhome.core.organizations.forms.divisions import DivisionField
from unionhome.core.organizations.rules import FORMS, STATUSES
from unionhome.core.tree.models import Level
from unionhome.kit import forms

ALL = ("", "全部")


class FinderForm(forms.FilterForm):
    """The public finder: a place, or an employer's name."""

    q = forms.LineField(label="单位名称", max_length=60)
    place = DivisionField(label="您在哪里上班或居住", required_step="county")


class FilterForm(forms.FilterForm):
    """What narrows the list of unions."""

    q = forms.LineField(label="名称或编码", max_length=60)
    level = plain.ChoiceField(choices=[ALL, *(choice for choice in Level.choices if choice[0] != "city")])
    form = plain.ChoiceField(choices=[ALL, *FORMS])
    status = plain.ChoiceField(choices=[ALL, *STATUSES])
    term = plain.ChoiceField(choices=[ALL, ("due", "快要届满"), ("overdue", "届满未换届"), ("none", "未登记届次")])

    def filters(self) -> queries.Filters:
        """The filters; what cannot be read narrows nothing."""
        self.is_valid()
        values = {name: value for name, value in self.cleaned_data.items() if value}
        text = values.pop("q", "")
        return queries.Filters(text=text, **values)

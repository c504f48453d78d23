"""Input of publications and keys."""

from unionhome.kit import forms


class DraftForm(forms.Form):
    """A publication that is drawn up; which figures, union and days the page says."""

    title = forms.LineField(label="标题", max_length=80)
    reason = forms.TextArea(
        label="更正的原因",
        max_length=200,
        required=False,
        help_text="第一次发布不用写。发布过的要出新的一版，写明为什么，会公布。",
    )


class ReasonForm(forms.Form):
    """Why somebody returns or gives up a publication, or changes a key."""

    reason = forms.TextArea(label="原因", max_length=200)

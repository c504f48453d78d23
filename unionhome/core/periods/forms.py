"""Input of closings."""

from unionhome.kit import forms


class CloseForm(forms.Form):
    """Which days are closed; which federation the page says."""

    first = forms.DayField(label="从哪天")
    last = forms.DayField(label="到哪天", help_text="通常是一年、一季或一个月，过完了才能封")
    with_below = forms.SwitchField(label="下级没封的一并封账", required=False)


class ReopenForm(forms.Form):
    """Why a closed period is opened again."""

    reason = forms.TextArea(label="为什么重新开账", max_length=200)

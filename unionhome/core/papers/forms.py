"""Input of a paper's page."""

from unionhome.kit import forms

MOST_SCANS = 9


class WriteForm(forms.Form):
    """Number, day and words of a paper."""

    number = forms.LineField(
        label="文号", max_length=60, required=False, help_text="由办公室编，例如：人民街工发〔2026〕8号"
    )
    dated_on = forms.DayField(label="落款日期")
    text = forms.TextArea(label="正文", max_length=4000, help_text="一行一段，打印时自动空两格")


class ScanForm(forms.Form):
    """The sealed copy."""

    scans = forms.UploadField(
        label="盖章件",
        max_count=MOST_SCANS,
        max_bytes=20 * 1024 * 1024,
        accept="image/*,.pdf",
        button="选扫描件或照片",
        help_text="扫描成 PDF，或者用手机拍清楚，有几页传几页",
    )


class VoidForm(forms.Form):
    """Why a paper is taken out of use."""

    reason = forms.TextArea(label="为什么作废", max_length=200)

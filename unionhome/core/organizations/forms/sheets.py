"""A sheet of unions to hand in."""

from unionhome.kit import forms


class SheetForm(forms.Form):
    """The file alone: the rows say where they belong."""

    file = forms.UploadField(
        label="组织表文件",
        multiple=False,
        max_bytes=20 * 1024 * 1024,
        accept=".xlsx,.xls,.csv",
        button="选组织表文件",
        help_text=".xlsx、.xls 或 .csv，最大20MB",
    )

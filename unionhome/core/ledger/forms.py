"""Input of the ledger's pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from unionhome.core.ledger.workflow import Code
from unionhome.kit.forms import DayField, FilterForm, Form, LineField, MoneyField, TextArea


class PurseFilter(FilterForm):
    """What narrows the list of accounts."""

    q = LineField(required=False, max_length=60)
    fund = LineField(required=False, max_length=40)


class TransferFilter(FilterForm):
    """What narrows the transfers of an account; `before` is where the page goes on."""

    code = forms.ChoiceField(required=False, choices=Code.choices)
    first = DayField(label="从哪天", required=False)
    last = DayField(label="到哪天", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class ReceiveForm(Form):
    """One income with its voucher."""

    union = LineField(label="哪个工会收到", max_length=120, help_text="工会全称或编码")
    fund = forms.ChoiceField(label="进哪种资金")
    source = forms.ChoiceField(label="从哪里来")
    quantity = MoneyField(label="金额", least_fen=1)
    voucher = LineField(label="凭据号", max_length=80, help_text="银行回单、拨款文件、捐赠协议的编号")
    on = DayField(label="到账日期")
    note = TextArea(label="说明", max_length=200, rows=2, required=False)

    def __init__(self, *args: Any, funds: Sequence[str], sources: Sequence[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, on=today, **kwargs)
        for name, names in (("fund", funds), ("source", sources)):
            self.fields[name].choices = [("", "请选择"), *((each, each) for each in names)]  # type: ignore[attr-defined]


class ReasonForm(Form):
    """Why."""

    reason = TextArea(label="原因", max_length=200, help_text="写明哪里不对，凭据在哪里；不写姓名、电话、账号")

"""Digests, words and limits of the ledger. Pure."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unionhome.core.registry import BadInput, Refused
from unionhome.kit.money import yuan_text

UNITS: Mapping[str, str] = {"fen": "元", "point": "积分", "item": "件"}
"""What is counted, by code, with the word people read; fen are shown as yuan."""
MOST = 10**13
"""No single transfer moves more: a hundred billion yuan."""
FACTS = (
    "key", "code", "node_id", "debit_id", "credit_id", "quantity", "unit", "received", "spent", "fund", "source",
    "purpose", "payee", "voucher", "note", "model", "object_id", "on", "at", "user_id", "actor_name", "allowance_id",
    "exempt", "resolves_id", "reverses_id",
)  # fmt: skip
"""What a transfer's digest covers, in this order."""
AUTHORITY = ("kind", "ref", "unit", "title", "link", "ceiling")
"""The same of an allowance, as its last reservation left it."""
ASKED = ("transfer_id", "node_id", "reason", "asked_at", "asked_by")
"""The same of a reversal that was asked."""
GAP = "\x1f"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def clean(text: str) -> str:
    """A text as it is kept: without control characters, so that `GAP` parts the facts of a digest beyond doubt."""
    return _CONTROL.sub(" ", text).strip()


def key_of(text: str) -> str:
    """A purpose or payee as it is kept and compared: case, width, blanks and signs that nobody sees make no other one,
    so that nothing is split by writing it otherwise."""
    plain = unicodedata.normalize("NFKC", clean(text)).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf"))


def moment_text(at: datetime) -> str:
    """A moment as digests hold it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(facts: Iterable[object]) -> str:
    """SHA-256 over the values of FACTS. Texts are never missing, so that None stands only for a missing number."""
    return hashlib.sha256(GAP.join(map(str, facts)).encode()).hexdigest()


def batch_digest(digests: Iterable[str]) -> str:
    """One digest over those of a batch's rows, in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def quantity_text(quantity: int, unit: str) -> str:
    """1,860.00 元, 30 积分."""
    return f"{yuan_text(quantity) if unit == 'fen' else f'{quantity:,}'} {UNITS.get(unit, unit)}"


def refuse_at(name: str, sentence: str, code: str) -> BadInput:
    """The refusal of one field."""
    return BadInput(sentence, code, fields={name: sentence})


def check_quantity(quantity: object) -> int:
    """A whole number above nothing. Raises BadInput."""
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise refuse_at("quantity", "金额要以分为单位的整数。", "no-whole-number")
    if quantity <= 0:
        raise refuse_at("quantity", "金额要大于零。", "not-above-0")
    if quantity > MOST:
        raise refuse_at("quantity", "金额太大，请核对单位。", "too-large")
    return quantity


# Payments that need no decision


@dataclass(frozen=True, slots=True)
class Exempt:
    """A reason to pay without a decision, and the policies that bound it, in fen."""

    label: str
    payment: str
    period: str


EXEMPTS: Mapping[str, Exempt] = {
    "daily": Exempt("日常小额开支", "ledger.exempt_daily_payment", "ledger.exempt_daily_period"),
    "condolence": Exempt("标准以内的慰问", "ledger.exempt_condolence_payment", "ledger.exempt_condolence_period"),
    "urgent": Exempt("突发急难先行救助", "ledger.exempt_urgent_payment", "ledger.exempt_urgent_period"),
}
LARGE, DAYS = "ledger.large_payment", "ledger.exempt_days"


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one reason at a union on a day: fen per payment and per period, the threshold, days of a period."""

    label: str
    payment: int
    period: int
    large: int
    days: int

    def and_also(self, other: "Limits") -> "Limits":
        """What holds where both do."""
        return Limits(
            self.label,
            min(self.payment, other.payment),
            min(self.period, other.period),
            min(self.large, other.large),
            max(self.days, other.days),
        )


def check_exempt(limits: Limits, asked: Sequence[tuple[str, int]], spent: int, by_payee: Mapping[str, int]) -> None:
    """Whether payments of one purpose, (payee, fen) each, need no decision. Raises Refused.

    `spent` went out for the same reason and purpose within the period, `by_payee` for the same purpose, whatever the
    reason. Small payments that are one large payment cut in pieces want the decision of the whole.
    """
    sums: dict[str, int] = defaultdict(int, by_payee)
    for payee, fen in asked:
        sums[payee] += fen
        if fen >= limits.large:
            raise Refused(
                f"{quantity_text(fen, 'fen')}达到了集体研究的额度（{quantity_text(limits.large, 'fen')}），"
                "要先有主席办公会的决定。",
                "needs-decision",
            )
        if fen > limits.payment:
            raise Refused(
                f"按“{limits.label}”一笔最多 {quantity_text(limits.payment, 'fen')}，超过的要先有决定。",
                "above-payment",
            )
        if sums[payee] >= limits.large:
            raise Refused(
                f"{limits.days} 天以内同一用途付给同一收款方的合计 {quantity_text(sums[payee], 'fen')}，达到了集体研究的"
                f"额度（{quantity_text(limits.large, 'fen')}）。不能拆成几笔付，要先有决定。",
                "split",
            )
    total = spent + sum(fen for _, fen in asked)
    if total > limits.period:
        raise Refused(
            f"按“{limits.label}”这个用途 {limits.days} 天以内最多 {quantity_text(limits.period, 'fen')}，"
            f"加上这一次是 {quantity_text(total, 'fen')}。",
            "above-period",
        )

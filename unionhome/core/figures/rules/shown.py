"""How a number is written: on screens, in tables for programs, and in the sentences of a review."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from unionhome.core.figures.rules.periods import period_key
from unionhome.core.registry import Figure
from unionhome.kit.dates import Period

Raw = int | Decimal | None

KINDS = {"flow": "期间数", "stock": "时点数", "ratio": "比率", "median": "中位数", "standard": "标准"}
SCOPES = {"tree": "全市", "own": "本级"}
LEVEL_SCOPES = {"city": "全市", "county": "全县区", "town": "全镇街", "village": "全村社区"}
OWN_SCOPE = "本会"
BASES = {"实名": "实名", "记录": "记录", "计数": "计数", "上报": "上报", "外部": "外部文件"}
OPENNESS = {"internal": "内部可见", "public": "可以公开"}
PROVEN = frozenset({"实名", "记录", "计数"})
MONEY = {"元": 100, "万元": 1_000_000}
PER = {**MONEY, "小时": 60, "万人": 10_000}
DECIMALS = {"元": 2, "万元": 1, "%": 1}
BASE_WORDS = {"小时": "分钟", "日": "分钟", "天": "分钟", "万人": "人"}
WAN = 10_000


@dataclass(frozen=True, slots=True)
class Unit:
    """`per` smaller units (fen, minutes) make one shown; `decimals` are shown; `base` names the smaller one."""

    word: str
    per: int
    decimals: int
    base: str


def scope_word(figure: Figure, level: str) -> str:
    """What a figure of a union of that level covers, for people. Programs get the word of the declaration."""
    return LEVEL_SCOPES.get(level, OWN_SCOPE) if figure.scope == "tree" else SCOPES[figure.scope]


def unit_of(figure: Figure) -> Unit:
    """The unit a figure is shown in."""
    per = figure.per or PER.get(figure.unit, 1)
    default = DECIMALS.get(figure.unit, 0 if per == 1 else 1)
    smaller = BASE_WORDS.get(figure.unit, figure.unit) if per > 1 else figure.unit
    base = "fen" if figure.unit in MONEY else smaller
    return Unit(figure.unit, per, figure.decimals if figure.decimals >= 0 else default, base)


def show(figure: Figure, raw: Raw) -> str:
    """The number with thousands parted, without its unit; a dash where there is none yet."""
    if raw is None:
        return "—"
    unit = unit_of(figure)
    return f"{_rounded(Decimal(raw) / unit.per, unit.decimals):,}"


def beyond(figure: Figure, raw: Raw) -> str:
    """Why a ratio is more than a hundred per cent; "" where it is not, or its declaration gives no reason."""
    return figure.beyond if raw is not None and raw > 100 else ""


def plain(figure: Figure, raw: Raw) -> int | float | None:
    """The number for programs: whole numbers as they are, in the base unit; shares and medians rounded as shown."""
    if raw is None or isinstance(raw, int):
        return raw
    unit = unit_of(figure)
    rounded = _rounded(raw, unit.decimals if unit.per == 1 else 1)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def write(figure: Figure, raw: Raw, style: str) -> str:
    """The number as a sentence has it, with its unit.

    Styles: plain 1415人; wan 6.6万人 or 227.6万元, one decimal rounded; over 283万余元 or 70余人次, cut to whole 万 or to
    tens, and without 余 where nothing was cut.
    """
    if raw is None:
        return "—"
    if style == "wan":
        return f"{_rounded(Decimal(raw) / (MONEY['万元'] if figure.unit in MONEY else WAN), 1).normalize():f}万{_word(figure)}"
    if style == "over":
        return _over(figure, raw)
    unit = unit_of(figure)
    number = _rounded(Decimal(raw) / unit.per, unit.decimals)
    text = f"{number.normalize():f}" if figure.unit in MONEY else f"{number:f}"
    return f"{text}{figure.unit}"


def _word(figure: Figure) -> str:
    return "元" if figure.unit in MONEY else figure.unit.removeprefix("万")


def _over(figure: Figure, raw: int | Decimal) -> str:
    step = MONEY["万元"] if figure.unit in MONEY else 10
    whole = (Decimal(raw) / step).to_integral_value(rounding=ROUND_DOWN)
    more = "余" if whole * step != raw else ""
    if figure.unit in MONEY:
        return f"{whole}万{more}元"
    return f"{whole * step}{more}{_word(figure)}"


def as_facts(figure: Figure, raw: Raw, period: Period) -> dict[str, Any]:
    """A number for programs: money in fen, null where nothing gives it."""
    return {
        "code": figure.code,
        "name": figure.name,
        "value": plain(figure, raw),
        "unit": unit_of(figure).base,
        "scope": SCOPES[figure.scope],
        "basis": figure.basis,
        "period": period_key(period),
    }

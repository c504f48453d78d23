"""Values as people read and type them, duty hours, lines of a holiday notice. Pure functions."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from unionhome.core.registry import BadInput
from unionhome.kit.calendars import CalendarError, DutyHours
from unionhome.kit.dates import parse_day
from unionhome.kit.errors import InputRefused

FEN = "分"
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_PERIOD = re.compile(r"\s*(\d{1,2}[:：]\d{2})\s*(?:-|–|—|~|至|到)\s*(\d{1,2}[:：]\d{2})\s*")
_SEPARATOR = re.compile(r"[,，、;；\n]+")


def duty_hours(value: Sequence[Sequence[str]]) -> DutyHours:
    """[["08:30","12:00"], …] as duty hours; "24:00" ends at midnight. Raises BadInput."""
    try:
        return DutyHours(tuple((_clock(start), _clock(end)) for start, end in value))
    except (CalendarError, ValueError, TypeError):
        raise BadInput("时间段要从早到晚，互不重叠，每段的结束晚于开始。", "bad-hours") from None


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour, minute = int(found[1]), int(found[2])
    return time(0 if (hour, minute) == (24, 0) else hour, minute)


def kind_of(value: Any, unit: str = "") -> str:
    """How a value is typed and shown: bool, fen, int, float, text, hours, list, map or json."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "fen" if unit == FEN else "int"
    if isinstance(value, float):
        return "float"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return _kind_of_list(value)
    flat = isinstance(value, dict) and not any(isinstance(each, (list, dict)) for each in value.values())
    return "map" if flat else "json"


def _kind_of_list(value: list[Any]) -> str:
    if value and all(
        isinstance(pair, list) and len(pair) == 2 and all(_CLOCK.fullmatch(str(each)) for each in pair)
        for pair in value
    ):
        return "hours"
    return "list" if not any(isinstance(each, (list, dict)) for each in value) else "json"


def value_text(value: Any, unit: str = "", names: Mapping[str, str] | None = None) -> str:
    """The value as people read it, with its unit: 30 分钟, 1,200.00 元, 08:30–12:00，14:00–18:00.

    `names` gives words for the codes of a map, whose unit may have a word for each of several numbers: 2 列 0 行.
    """
    kind = kind_of(value, unit)
    if kind == "fen":
        return f"{Decimal(value) / 100:,.2f} 元"
    if kind == "bool":
        return "是" if value else "否"
    if kind in ("int", "float"):
        return f"{value:,} {unit}".strip()
    if kind == "list":
        return "、".join(str(each) for each in value) + (f" {unit}" if unit else "")
    if kind == "map":
        said = [f"{(names or {}).get(key, key)} {_with_words(str(each), unit)}" for key, each in value.items()]
        return "，".join(said) + (f" {unit}" if unit and " " not in unit else "")
    return typed_text(value, unit)


def _with_words(text: str, unit: str) -> str:
    """Several numbers each with its word; a unit of one word stands once, at the end."""
    numbers, words = text.split(), unit.split()
    if len(words) < 2 or len(numbers) != len(words):
        return text
    return " ".join(f"{number} {word}" for number, word in zip(numbers, words, strict=True))


def typed_text(value: Any, unit: str = "") -> str:
    """The value as it is typed into the form; `parse_value` reads it back."""
    kind = kind_of(value, unit)
    if kind == "fen":
        return f"{Decimal(value) / 100:.2f}"
    if kind == "bool":
        return "是" if value else "否"
    if kind == "hours":
        return "，".join(f"{start}–{end}" for start, end in value)
    if kind == "list":
        return "、".join(str(each) for each in value)
    if kind == "map":
        return "\n".join(f"{name}：{each}" for name, each in value.items())
    if kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def parse_value(text: str, like: Any, unit: str = "") -> Any:
    """Read a typed value of the same kind as `like`. Raises BadInput with the sentence for the field."""
    text = text.strip()
    if not text:
        raise BadInput("请填写新的值。", "empty-value")
    return _PARSERS[kind_of(like, unit)](text, like)


def _parse_number(text: str, like: Any) -> Any:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise BadInput(f"“{text}”不是数字。", "not-a-number") from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise BadInput(f"“{text}”太大了，请检查。", "too-large")
    if number < 0 <= like:
        raise BadInput("不能小于 0。", "negative")
    return number


def _parse_int(text: str, like: int) -> int:
    number = _parse_number(text, like)
    if number != number.to_integral_value():
        raise BadInput("请填整数。", "not-whole")
    return int(number)


def _parse_float(text: str, like: float) -> float:
    return float(_parse_number(text, like))


def _parse_fen(text: str, like: int) -> int:
    number = _parse_number(text.removesuffix("元").strip(), like) * 100
    if number != number.to_integral_value():
        raise BadInput("金额最多写到分，也就是两位小数。", "below-fen")
    return int(number)


def _parse_bool(text: str, like: bool) -> bool:
    if text not in ("是", "否"):
        raise BadInput("请填“是”或“否”。", "not-yes-no")
    return text == "是"


def _parse_hours(text: str, like: Any) -> list[list[str]]:
    periods = []
    for piece in filter(None, (part.strip() for part in _SEPARATOR.split(text))):
        found = _PERIOD.fullmatch(piece)
        if not found:
            raise BadInput(f"“{piece}”要写成 08:30–12:00 这样的时间段。", "bad-hours")
        periods.append([_pad(found[1]), _pad(found[2])])
    duty_hours(periods)
    return periods


def _pad(clock: str) -> str:
    return clock.replace("：", ":").zfill(5)


def _parse_list(text: str, like: list[Any]) -> list[Any]:
    pieces = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    return [_scalar(piece, like[0] if like else "") for piece in pieces]


def _parse_map(text: str, like: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, mark, value = line.replace("：", ":").partition(":")
        if not mark or name.strip() not in like:
            raise BadInput(f"“{line}”看不懂，每行写成“名称：值”，名称不能改。", "bad-line")
        found[name.strip()] = _scalar(value.strip(), like[name.strip()])
    missing = [name for name in like if name not in found]
    if missing:
        raise BadInput(f"还缺：{'、'.join(missing)}。", "missing-lines")
    return found


def _parse_json(text: str, like: Any) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        raise BadInput("格式不对：括号、引号和逗号要成对，请照原来的样子改。", "bad-json") from None
    if type(value) is not type(like):
        raise BadInput("格式和原来的不一样，请照原来的样子改。", "bad-json")
    return value


def _scalar(text: str, like: Any) -> Any:
    if not text:
        raise BadInput("有一项没有填。", "empty-value")
    return _PARSERS[kind_of(like)](text, like)


_PARSERS = {
    "bool": _parse_bool,
    "fen": _parse_fen,
    "int": _parse_int,
    "float": _parse_float,
    "text": lambda text, like: text[:500],
    "hours": _parse_hours,
    "list": _parse_list,
    "map": _parse_map,
    "json": _parse_json,
}


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One day of a holiday notice."""

    on: date
    is_working: bool
    name: str


_LINE = re.compile(
    r"(?P<start>[\d.\-/年月日]+)(?:\s*(?:至|到|—|–|~)+\s*(?P<end>[\d.\-/年月日]+))?\s+(?P<what>休|班)\s+(?P<name>\S.*)"
)


def parse_notice(text: str) -> list[NamedDay]:
    """Read lines such as “2027-02-05 至 2027-02-11 休 春节” and “2027-01-31 班 春节调休”. Raises BadInput naming the line."""
    days: list[NamedDay] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            days.extend(_days_of_line(line.strip(), number))
    return days


def _days_of_line(line: str, number: int) -> Iterable[NamedDay]:
    found = _LINE.fullmatch(line)
    if not found:
        raise BadInput(f"第 {number} 行看不懂：“{line}”。写成“2027-02-05 至 2027-02-11 休 春节”。", "bad-line")
    try:
        start = parse_day(found["start"])
        end = parse_day(found["end"]) if found["end"] else start
    except InputRefused as refused:
        raise BadInput(f"第 {number} 行：{refused.sentence}", "bad-line") from None
    if not timedelta(0) <= end - start <= timedelta(days=31):
        raise BadInput(f"第 {number} 行的结束日期不对，一段最多 31 天。", "bad-line")
    for offset in range((end - start).days + 1):
        yield NamedDay(start + timedelta(days=offset), found["what"] == "班", found["name"].strip()[:40])


def check_days(days: Sequence[NamedDay]) -> int:
    """The one year that all the days belong to. Raises BadInput for none, several years, or a day twice."""
    years = {day.on.year for day in days}
    if len(years) != 1:
        raise BadInput("请填写同一年的放假和调休日子。", "one-year")
    seen: set[date] = set()
    for day in days:
        if day.on in seen:
            raise BadInput(f"{day.on} 写了两次，请只留一行。", "day-twice")
        if day.is_working and day.on.weekday() < 5:
            raise BadInput(f"{day.on} 本来就是工作日，不用写“班”。", "working-anyway")
        seen.add(day.on)
    return years.pop()

"""What may be entered, who is counted for a quorum, and which opinions an item wants. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from unionhome.core.registry import BadInput, Refused
from unionhome.kit.codes import INVISIBLE, mask_numbers

MOST_FEN = 10**13
MOST_NAMES = 99
NEVER_HERE = "干部任免、纪律处分和党组的文件不在这里登记。"
_NEVER = re.compile(
    r"任免|免职|提拔|干部考察|选拔任用|拟任|任职(?!培训|资格)|党组(?!织)|处分决定|(?:党纪|政务|纪律|行政)处分"
    r"|纪律审查|审查调查|立案审查|问责"
)
_BETWEEN = re.compile(r"[\s,，、;；]+")


def number_of(year: int, serial: int) -> str:
    """YT-2026-0007."""
    return f"YT-{year}-{serial:04d}"


def refuse_at(name: str, sentence: str, code: str = "") -> BadInput:
    """The refusal of one field."""
    return BadInput(sentence, code or f"bad-{name.replace('_', '-')}", fields={name: sentence})


def check_words(name: str, text: str, sentence: str) -> str:
    """The words without long numbers, which may not be empty. Raises BadInput at their field."""
    if not text.strip():
        raise refuse_at(name, sentence, f"{name.replace('_', '-')}-missing")
    return mask_numbers(text.strip())


def check_allowed(**texts: str) -> None:
    """Nothing of appointments, discipline or the Party group. Raises BadInput at the field that speaks of it."""
    for name, text in texts.items():
        if _NEVER.search(text.translate(INVISIBLE)):
            raise refuse_at(name, NEVER_HERE, "never-here")


def check_money(fen: int | None, fund: str, standard: str, *, is_money: bool) -> int | None:
    """The ceiling: an item about money has one, with its source and standard; another may. Raises BadInput."""
    if fen is None and not is_money:
        return None
    if fen is None or not 0 < fen <= MOST_FEN:
        raise refuse_at("ceiling_fen", "请写最多花多少钱。")
    if not fund:
        raise refuse_at("fund", "请选钱从哪里出。")
    if not standard.strip():
        raise refuse_at("standard", "请写标准，比如：每人 2000 元。")
    return fen


def check_past(name: str, day: date, today: date, since: date | None = None) -> date:
    """A day gone by, not before what came first. Raises BadInput at its field."""
    if day > today:
        raise refuse_at(name, "日子不能晚于今天。")
    if since is not None and day < since:
        raise refuse_at(name, f"日子不能早于 {since:%Y-%m-%d}。")
    return day


def split_names(text: str) -> list[str]:
    """Names written one after the other; signs that nobody sees do not make two of one person."""
    plain = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return [mask_numbers(name)[:20] for name in _BETWEEN.split(plain) if name]


@dataclass(frozen=True, slots=True)
class Roll:
    """Who was there: with a vote present and absent, and without a vote."""

    present: Sequence[str]
    absent: Sequence[str] = ()
    attending: Sequence[str] = ()


def check_roll(roll: Roll) -> None:
    """Somebody came, nobody stands there twice. Raises BadInput at the field."""
    if not roll.present:
        raise refuse_at("present", "请写到会的人。")
    seen: set[str] = set()
    for name in ("present", "absent", "attending"):
        names = getattr(roll, name)
        if len(names) > MOST_NAMES:
            raise refuse_at(name, f"最多写 {MOST_NAMES} 个人。")
        for one in names:
            if one in seen:
                raise refuse_at(name, f"{one}写了两次，请核对。", "name-twice")
            seen.add(one)


def check_recused(name: str, recused: Collection[str], roll: Roll) -> None:
    """Only who was there with a vote can keep out of an item. Raises BadInput at the field."""
    for one in recused:
        if one not in roll.present:
            raise refuse_at(name, f"{one}不在到会的人里，不用写回避。", "recused-not-present")


def is_quorum(roll: Roll, recused: Collection[str], share: str) -> bool:
    """Whether enough took part in one item: those who kept out of it count neither as come nor as due.

    `share` is a part of those due such as 1/2; exactly that many are enough. Raises Refused for what is no part.
    """
    try:
        part = Fraction(share.strip())
    except (ValueError, ZeroDivisionError):
        raise Refused("到会人数的规定写得不对，请在政策参数里写成 1/2、2/3 这样。", "bad-quorum") from None
    taking = len(set(roll.present) - set(recused))
    due = taking + len(roll.absent)
    return taking > 0 and taking >= part * due


def is_late(held_on: date, notified_on: date | None, days: int) -> bool:
    """Whether the materials went out fewer days ahead than the policy says."""
    return notified_on is not None and (held_on - notified_on).days < days


def list_wanted(ceiling_fen: int | None, start_fen: Mapping[str, int]) -> list[str]:
    """The roles whose opinion an item wants before it goes to the meeting: where it costs money, from so many fen on."""
    return [] if ceiling_fen is None else [role for role, least in start_fen.items() if ceiling_fen >= least]

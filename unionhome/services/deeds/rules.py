"""Numbers, days and counts of deeds. Pure."""

from datetime import date

from unionhome.core.registry import BadInput

TEXT_FIELD = "deeds.rating.text"
MOST_DAYS = 366
MOST_PEOPLE = 10_000_000
MOST_FEN = 10**13


def number_of(year: int, serial: int) -> str:
    """SS-2026-0007."""
    return f"SS-{year}-{serial:04d}"


def refuse_at(name: str, sentence: str, code: str = "") -> BadInput:
    """The refusal of one field."""
    return BadInput(sentence, code or f"bad-{name.replace('_', '-')}", fields={name: sentence})


def check_words(name: str, text: str, sentence: str) -> str:
    """The words, which may not be empty. Raises BadInput at their field."""
    if not text.strip():
        raise refuse_at(name, sentence, f"{name.replace('_', '-')}-missing")
    return text.strip()


def check_people(name: str, count: int) -> int:
    """A number of people: at least one. Raises BadInput at its field."""
    if not 1 <= count <= MOST_PEOPLE:
        raise refuse_at(name, "请写受益的人数，至少是 1。")
    return count


def check_times(people: int, times: int | None) -> int:
    """How many times somebody was served: never fewer than the people; one each where nobody says."""
    if times is None:
        return people
    if not people <= times <= MOST_PEOPLE:
        raise refuse_at("times", "人次不会比人数少：一个人来两回，是 1 人、2 人次。")
    return times


def check_cost(fen: int | None, source: str) -> int:
    """What it cost; whatever cost something names where the money came from. Raises BadInput."""
    if fen is None or not 0 <= fen <= MOST_FEN:
        raise refuse_at("cost_fen", "请写花了多少钱，没有花钱写 0。")
    if fen and not source.strip():
        raise refuse_at("cost_source", "请写钱从哪里出，比如：工会经费。")
    return fen


def check_past(name: str, day: date, today: date, since: date | None) -> date:
    """A day gone by, not before what came first. Raises BadInput at its field."""
    if day > today:
        raise refuse_at(name, "日子不能晚于今天。")
    if since is not None and day < since:
        raise refuse_at(name, f"日子不能早于 {since:%Y-%m-%d}。")
    return day


def check_promise(day: date, taken_on: date) -> date:
    """The day promised: on or after the day it was taken, within a year of it. Raises BadInput at `due_on`."""
    if not 0 <= (day - taken_on).days <= MOST_DAYS:
        raise refuse_at("due_on", "请写认领那天以后、一年以内的日子。")
    return day


def is_in_time(done_on: date, due_on: date) -> bool:
    """Whether it was done by the day promised, that day included."""
    return done_on <= due_on

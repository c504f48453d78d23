"""What the start pages show. Pure shaping."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from unionhome.core.access.models import User
from unionhome.core.cases.models import Entry
from unionhome.core.home.queries import GROUPS, SOON, Choice, DutyDay, InboxPage
from unionhome.core.registry import Actor
from unionhome.core.workflow.queries import InboxCounts
from unionhome.kit.dates import moment_text

SATURDAY = 5
MARGIN = 0.06
"""Room at either end of the ribbon for the words over and under it."""


def inbox_counts(counts: InboxCounts, view: str) -> list[dict[str, Any]]:
    """The counts above the inbox, each a filter."""
    base = reverse("home:inbox")
    items = (
        ("overdue", "已超时", counts.overdue, "deep" if counts.overdue else "ink", "本级和下级"),
        ("today", "今日到期", counts.due_today, "amber" if counts.due_today else "ink", "本级和下级"),
        ("own", "待我办", counts.own, "ink", "轮到本工会"),
        ("waiting", "等别人", counts.waiting, "ink", "轮到职工"),
        ("all", "全部在办", counts.all_open, "ink", "本级和下级"),
    )
    return [
        {
            "label": label,
            "value": value,
            "url": f"{base}?view={name}",
            "active": view == name,
            "tone": tone,
            "note": note,
        }
        for name, label, value, tone, note in items
    ]


def today_line(counts: InboxCounts, *, has_union: bool) -> list[dict[str, Any]]:
    """What is to be done today, in one line above everything: 今天到期 3 件，已超时 2 件; each opens its rows."""
    due, late = (counts.own_due_today, counts.own_overdue) if has_union else (counts.due_today, counts.overdue)
    return [
        {"label": "今天到期", "count": due, "url": inbox_url(Choice("today", is_own=has_union)), "tone": "amber"},
        {"label": "已超时", "count": late, "url": inbox_url(Choice("overdue", is_own=has_union)), "tone": "deep"},
    ]


def inbox_groups(page: InboxPage, choice: Choice) -> list[dict[str, Any]]:
    """Lines under the heads 已超时, 今日到期, 以后到期, 没有时限, 等别人办, each head with the count of the whole list."""
    groups = []
    for name in GROUPS:
        inside = [row for row in page.rows if row.group == name]
        if not inside:
            continue
        more = page.more_overdue if name == GROUPS[0] else 0
        groups.append(
            {
                "name": name,
                "count": page.group_counts[name],
                "rows": inside,
                "more": more,
                "more_url": inbox_url(replace(choice, view="overdue", is_own=choice.is_own or choice.view == "own")),
            }
        )
    return groups


def inbox_url(choice: Choice, cursor: str = "") -> str:
    """The address of a list: every filter stands in it."""
    kept = {
        "view": choice.view,
        "kind": choice.kind,
        "union": "own" if choice.is_own else "",
        "who": "me" if choice.is_mine else "",
        "near": "1" if choice.is_near else "",
        "raised": "1" if choice.is_raised else "",
        "cursor": cursor,
    }
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def inbox_filters(kinds: Iterable[str], choice: Choice) -> list[dict[str, Any]]:
    """The filters by kind of matter, union and handler; state lives in the address."""
    shown = [
        _filter("类别", choice, [("全部", {"kind": ""}), *((kind, {"kind": kind}) for kind in kinds)]),
        _filter("经办", choice, [("全部", {"is_mine": False}), ("我", {"is_mine": True})]),
        _filter("到期", choice, [("全部", {"is_near": False}), ("两小时内", {"is_near": True})]),
        _filter("升级", choice, [("全部", {"is_raised": False}), ("已升级", {"is_raised": True})]),
    ]
    if choice.view != "own":
        shown.insert(1, _filter("工会", choice, [("本级和下级", {"is_own": False}), ("本级", {"is_own": True})]))
    return shown


def _filter(label: str, choice: Choice, offered: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    options = [
        {"label": word, "url": inbox_url(replace(choice, **change)), "active": replace(choice, **change) == choice}
        for word, change in offered
    ]
    chosen = next((option for option in options if option["active"]), options[0])
    return {
        "label": label,
        "value": chosen["label"],
        "active": chosen is not options[0],
        "clear_url": options[0]["url"],
        "options": options,
    }


def people_choices(actor: Actor, people: Iterable[User]) -> list[tuple[str, str]]:
    """Whom items can be given to, the actor told from the others."""

    def label(user: User) -> str:
        notes = [note for note in (user.post, "我自己" if user.pk == actor.user_id else "") if note]
        return f"{user.name}（{'，'.join(notes)}）" if notes else user.name

    return [(str(user.pk), label(user)) for user in people]


def given_text(receiver: str, count: int, *, is_repeat: bool) -> str:
    """What a batch did, in a sentence."""
    if is_repeat:
        return f"这张表单已经办过，事项已经交给{receiver}，没有再办一次。"
    return f"已把 {count} 件交给{receiver}。" if count else f"没有一件交给{receiver}。"


def duty_text(day: DutyDay, at: datetime) -> str:
    """值班中，至12:00; 14:00开始值班; 今天值班已结束; 今天放假: by the union's hours and the official calendar."""
    tail = "（暂定）" if day.calendar.is_provisional(day.on) else ""
    is_working = day.calendar.is_working(day.on)
    if not is_working:
        return ("今天放假" if day.on.weekday() < SATURDAY else "今天休息") + tail
    tail = ("，调休上班" if day.on.weekday() >= SATURDAY else "") + tail
    for period in day.hours.on(day.on, day.calendar.tz):
        if at < period.start:
            return f"{period.start:%H:%M}开始值班{tail}"
        if at < period.end:
            return f"值班中，至{_clock(period.end, day.on)}{tail}"
    return f"今天值班已结束{tail}"


def standing_note(actor: Actor) -> str:
    """Who has it in whose stead today: 今天您替周明办事（到12月5日）. Empty where everybody is there."""
    own = next((each for each in actor.away if each.user_id == actor.user_id), None)
    if own is not None:
        return f"您今天不在，由{own.stand_in_name}代，{own.back_on.month}月{own.back_on.day}日起自己办。"
    stood = [each for each in actor.away if each.stand_in_id == actor.user_id]
    words = [f"{each.name}（{each.back_on.month}月{each.back_on.day}日回来）" for each in stood]
    return f"今天您替{'、'.join(words)}。" if words else ""


def day_ribbon(day: DutyDay, at: datetime) -> dict[str, Any] | None:
    """Today's duty hours as a line with a dot per due matter; None on a day without duty."""
    if not day.calendar.is_working(day.on):
        return None
    periods = list(day.hours.on(day.on, day.calendar.tz))
    first, last = periods[0].start, periods[-1].end

    def share(moment: datetime) -> float:
        inside = min(max((moment - first) / (last - first), 0.0), 1.0)
        return MARGIN + inside * (1 - 2 * MARGIN)

    due = [moment for moment in day.due_at if moment > at]
    ends = sorted({moment for period in periods for moment in (period.start, period.end)})
    now = f"{timezone.localtime(at):%H:%M}"
    return {
        "spans": [{"start": share(period.start), "end": share(period.end)} for period in periods],
        "now": share(at),
        "now_text": f"现在 {now}",
        "marks": [{"share": share(moment), "near": moment - at <= SOON} for moment in due],
        "labels": [{"share": share(moment), "text": _clock(moment, day.on)} for moment in ends],
        "note": f"现在{now}，{duty_text(day, at)}；今天还有{len(due)}件到期，两小时内的画成实心。",
    }


def _clock(moment: datetime, on: date) -> str:
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == on else "24:00"


def news_rows(entries: Iterable[Entry], now: datetime, url_of: Callable[[int], str]) -> list[dict[str, Any]]:
    """Lines of 消息."""
    return [
        {
            "title": entry.title,
            "union": entry.actor_union or entry.case.node.name,
            "number": entry.case.number,
            "time_text": moment_text(timezone.localtime(entry.at), now),
            "url": url_of(entry.case_id),
        }
        for entry in entries
    ]

"""Filters of the kit's tag library: masks, amounts and times as people read them. `now` is the request's moment, `actor.at`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from unionhome.kit import codes, dates, money

STAR_RUN = re.compile("[*＊]+")


def small_stars(html: SafeString) -> SafeString:
    """HTML whose runs of stars are drawn small; stars never stand inside a tag of ours."""
    return SafeString(
        STAR_RUN.sub(lambda run: format_html('<span class="uh-stars">{}</span>', "＊" * len(run[0])), html)
    )


def stars(text: Any) -> SafeString:
    """Masked text with its runs of stars drawn small."""
    return small_stars(conditional_escape(text))


def wide_stars(text: Any) -> SafeString:
    """The same as plain text, for the title of a page: 王*国 → 王＊国."""
    return SafeString(conditional_escape(text).replace("*", "＊"))


def yuan(fen: int | None) -> str:
    """186000 → 1,860.00; nothing for nothing."""
    return "" if fen is None else money.yuan_text(fen)


def moment(at: datetime | None, now: datetime) -> str:
    """今天 10:05, 昨天 16:30, 11-24."""
    return dates.moment_text(at, now) if at else ""


def deadline(at: datetime | None, now: datetime) -> str:
    """今天17:12前, 11月27日（周五）前."""
    return dates.deadline_text(at, now) if at else ""


def duration(minutes: int | None) -> str:
    """2小时40分."""
    return "" if minutes is None else dates.duration_text(minutes)


def mask_name(name: str | None) -> SafeString:
    """王＊国."""
    return stars(codes.mask_name(name or ""))


def mask_phone(number: str | None) -> SafeString:
    """138＊＊＊＊5678."""
    return stars(codes.mask_phone(number or ""))


def mask_document(number: str | None) -> SafeString:
    """6105＊＊＊＊＊＊＊＊＊＊1234."""
    return stars(codes.mask_document(number or ""))

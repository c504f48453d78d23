"""How publications look: lines, counts, steps, facts of a published figure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.figures import queries
from unionhome.core.figures.models import Publication, PublishedFigure, Review
from unionhome.core.figures.rules.frozen import KEPT_BACK, is_small
from unionhome.core.figures.rules.shown import BASES, KINDS
from unionhome.core.figures.workflow import PUBLICATION, SIGNING
from unionhome.core.registry import Actor, Figure
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit.dates import Period, moment_text
from unionhome.kit.signing import fingerprint_text

BY_REASON = ("return", "cancel")
WORDS = {"open": "拟出"}
ICONS = {
    "open": "file-text", "freeze": "refresh", "fail": "alert-circle", "check": "check", "approve": "check",
    "publish": "certificate", "return": "arrow-back-up", "reread": "refresh", "cancel": "x",
}  # fmt: skip


def publication_lines(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [
        {
            "row": row,
            "state": PUBLICATION.state(row.state),
            "period": Period(row.starts_on, row.ends_on).title,
            "url": reverse("figures:publication", args=[row.pk]),
        }
        for row in rows
    ]


def publication_counts(counts: Mapping[str, int], state: str, query: str) -> list[dict[str, Any]]:
    """Counts that filter."""
    shown = (
        ("", "全部", "all"),
        ("open", "正在办", "open"),
        ("published", "已公布", "published"),
        ("cancelled", "不发布了", "cancelled"),
    )
    return [
        {
            "label": label,
            "value": counts[key],
            "note": "",
            "url": f"?{query}&state={name}" if name else f"?{query}",
            "active": state == name,
            "tone": "amber" if key == "open" and counts[key] else "ink",
        }
        for name, label, key in shown
    ]  # fmt: skip


REVIEW_STATES = {
    "draft": ("草稿", "grey"),
    "waiting": ("等签发", "amber"),
    "signed": ("已签发", "green"),
    "superseded": ("已被更正", "grey"),
}


def review_lines(rows: Iterable[Review]) -> list[dict[str, Any]]:
    """Lines of the list of reviews."""
    found = []
    for row in rows:
        label, tone = REVIEW_STATES[queries.get_review_state(row)]
        found.append({"review": row, "period": queries.get_period(row), "state": label, "tone": tone})
    return found


def review_counts(counts: Mapping[str, int], state: str) -> list[dict[str, Any]]:
    """Counts that filter the list of reviews."""
    shown = (("", "全部", "all"), *((name, label, name) for name, (label, _) in REVIEW_STATES.items()))
    return [
        {
            "label": label,
            "value": counts[key],
            "note": "",
            "url": f"?state={name}" if name else "?",
            "active": state == name,
            "tone": "amber" if key == "waiting" and counts[key] else "ink",
        }
        for name, label, key in shown
    ]


def step_lines(actor: Actor, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What happened, newest first."""
    return [
        {
            "title": WORDS.get(step.verb, step.label),
            "text": "，".join(filter(None, (step.actor_post, step.actor_name)))
            + (f"：{step.reason}" if step.reason else ""),
            "time_text": moment_text(step.at, actor.at),
            "icon": ICONS.get(step.verb, "arrow-right"),
            "tone": "done" if step.verb == "publish" else "plain",
        }
        for step in reversed(steps)
    ]


def next_lines(row: Publication, steps: Sequence[NextStep]) -> list[dict[str, Any]]:
    """Buttons; what needs a reason opens its form."""
    return [
        {
            "label": step.label,
            "url": reverse("figures:publication_step", args=[row.pk, step.verb]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb not in BY_REASON,
        }
        for step in steps
    ]


def stage_lines(row: Publication, signers: Mapping[str, Step]) -> list[dict[str, Any]]:
    """The three who sign, and how far it is."""
    current = {"drafted": "check", "checked": "approve", "approved": "publish"}.get(row.state, "")
    lines = []
    for verb, label in SIGNING.items():
        step = signers.get(verb)
        note = f"{step.actor_name} {timezone.localtime(step.at):%m-%d %H:%M}" if step else ""
        state = "done" if step else "current" if verb == current else "later"
        lines.append({"name": label, "note": note or ("等办" if state == "current" else ""), "state": state})
    return lines


def figure_lines(rows: Iterable[PublishedFigure]) -> list[dict[str, Any]]:
    """The figures of a publication, each opening to its frozen rows."""
    return [{"row": row, "url": reverse("figures:frozen", args=[row.public_id])} for row in rows]


def version_lines(rows: Sequence[PublishedFigure], shown: PublishedFigure, url_name: str) -> list[dict[str, Any]]:
    """Every version, the newest first, with the reason it was made for."""
    return [
        {
            "row": row,
            "is_shown": row.pk == shown.pk,
            "reason": row.publication.reason if row.version > 1 else "",
            "at": timezone.localtime(row.published_at) if row.published_at else None,
            "url": reverse(url_name, args=[row.public_id]),
        }
        for row in reversed(rows)
    ]


def _moment(text: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"


def public_page(row: PublishedFigure) -> dict[str, Any]:
    """Everything that the public is shown, read off the signed statement.

    An internal figure, and a number of fewer than five people, are not told; that they were signed is.
    """
    said: dict[str, Any] = json.loads(row.statement)
    figure = said["figure"]
    period = said["period"]
    is_public = figure["openness"] == "public"
    small = _is_small(said)
    signers = said["signers"]
    facts = [
        {"label": "怎么算", "value": figure["definition"]},
        {"label": "范围", "value": f"{said['organization']['name']}，{figure['scope_word']}"},
        {"label": "类型", "value": KINDS[figure["kind"]]},
        {"label": "依据", "value": BASES[figure["basis"]]},
        {"label": "期间", "value": f"{period['from']} 至 {period['to']}"},
        {
            "label": "签发",
            "value": "、".join(_signer(each) for each in signers),
            "source": f"{_moment(said['published_at'])} 三级签完",
        },
        {"label": "版次", "value": f"第 {said['version']} 版", "source": _correction(said, is_public and not small)},
        {"label": "编号", "value": said["id"]},
    ]
    if is_public and not small:
        facts.insert(
            5,
            {"label": "行数", "value": f"{said['value']['rows']:,} 行", "source": f"{_moment(said['frozen_at'])} 取数"},
        )
    return {
        "said": said,
        "facts": facts,
        "is_told": is_public and not small,
        "is_public": is_public,
        "shown": KEPT_BACK if small else said["value"]["shown"],
        "cells": [{**cell, "shown": cell["shown"] or KEPT_BACK_CELL} for cell in said["cells"]] if is_public and not small else [],
        "fingerprint": fingerprint_text(said["key"]),
        "signed_at": _moment(said["published_at"]),
    }  # fmt: skip


KEPT_BACK_CELL = "不显示"


def _correction(said: Mapping[str, Any], is_told: bool) -> str:
    """Why it was corrected; of a number that is not told, only that it was: the reason may tell it."""
    if not said["reason"]:
        return "没有更正过"
    return str(said["reason"]) if is_told else "更正过，原因只在工会内部看"


def _signer(each: Mapping[str, str]) -> str:
    post = each["post"] if each["post"] != each["step"] else ""
    words = " ".join(word for word in (post, each["name"]) if word)
    return f"{each['step']}（{words}）" if words else each["step"]


def _is_small(said: Mapping[str, Any]) -> bool:
    figure = said["figure"]
    asked = Figure(
        figure["code"], figure["name"], figure["unit"], figure["kind"], figure["basis"], "", "", model=figure["model"]
    )
    raw = said["value"]["raw"]
    return is_small(asked, int(raw) if raw.isdigit() else None, said["value"]["rows"], said["value"].get("people"))


def proven_review(written: Mapping[str, Any], url_name: str) -> dict[str, Any]:
    """A frozen or signed review with the address of the proof of every number: for everybody, or at the desk."""
    return {
        **written,
        "sections": [
            {
                **section,
                "paragraphs": [[_with_proof(piece, url_name) for piece in text] for text in section["paragraphs"]],
            }
            for section in written["sections"]
        ],
    }


def _with_proof(piece: Mapping[str, str], url_name: str) -> dict[str, str]:
    url = reverse(url_name, args=[piece["proof"]]) if "proof" in piece else ""
    return {**piece, "url": url}

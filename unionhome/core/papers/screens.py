"""How papers look: lines of the list, counts, steps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import Counts
from unionhome.core.papers.workflow import PAPER
from unionhome.core.registry import Actor
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep
from unionhome.kit.dates import moment_text

ICONS = {"open": "file-text", "print": "printer", "seal": "rubber-stamp", "rewrite": "edit", "void": "x"}
WORDS = {"open": "拟出"}
BY_FORM = {"seal"}
"""Steps with a form of their own on the page."""


def paper_lines(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Lines of a list of papers."""
    return [
        {
            "paper": paper,
            "state": PAPER.state(paper.state),
            "url": reverse("papers:paper", args=[paper.pk]),
        }
        for paper in papers
    ]


def paper_counts(counts: Counts, state: str) -> list[dict[str, Any]]:
    """Counts above the list."""
    shown = (
        ("", "全部", counts.total, "", "ink"),
        ("to_print", "等打印", counts.to_print, "核对、填文号", "amber"),
        ("to_seal", "等盖章", counts.to_seal, "盖章后回传", "amber"),
        ("sealed", "已盖章回传", counts.sealed, "", "ink"),
        ("void", "已作废", counts.void, "", "ink"),
    )
    return [
        {
            "label": label,
            "value": value,
            "note": note,
            "url": f"?state={name}" if name else "?",
            "active": state == name,
            "tone": tone if value else "ink",
        }
        for name, label, value, note, tone in shown
    ]


def initial_of(paper: Paper) -> dict[str, Any]:
    """What the form of words opens with."""
    return {
        "number": paper.number,
        "dated_on": paper.dated_on,
        "text": "\n".join(paper.letter.get("paragraphs", ())),
    }


def step_lines(actor: Actor, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """What happened, newest first."""
    return [
        {
            "title": WORDS.get(step.verb, step.label),
            "text": "，".join(filter(None, (step.actor_union, step.actor_name)))
            + (f"：{step.reason}" if step.reason else ""),
            "time_text": moment_text(step.at, actor.at),
            "icon": ICONS.get(step.verb, "arrow-right"),
            "tone": "done" if step.verb == "seal" else "plain",
        }
        for step in reversed(steps)
    ]


def next_lines(paper: Paper, steps: Sequence[NextStep]) -> list[dict[str, Any]]:
    """Buttons: printing and rewriting are sent at once, voiding asks why."""
    return [
        {
            "label": step.label,
            "url": reverse(f"papers:{step.verb}", args=[paper.pk]),
            "icon": step.icon,
            "main": step.main,
            "allowed": step.allowed,
            "reason": step.reason,
            "post": step.verb != "void",
        }
        for step in steps
        if step.verb not in BY_FORM
    ]

"""The table that moves an outward paper: print, seal by hand, scan back."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.registry import State, Table, Transition


def _has_number(facts: Mapping[str, Any]) -> str | None:
    return "工会的文件要先填文号再打印。" if facts.get("number_missing") else None


def _has_scan(facts: Mapping[str, Any]) -> str | None:
    return "请上传盖好章的扫描件或照片。" if facts.get("scan_missing") else None


PAPER = Table(
    name="papers.paper",
    title="公文",
    model="papers.paper",
    initial="to_print",
    states=(
        State("to_print", "等打印", "new", "amber", "核对文字，填文号，打印"),
        State("to_seal", "等盖章", "working", "blue", "盖章后扫描或拍照回传"),
        State("sealed", "已盖章回传", "closed", "green"),
        State("void", "已作废", "closed", "grey"),
    ),
    transitions=(
        Transition(
            "print",
            "打印好了，去盖章",
            ("to_print",),
            "to_seal",
            "papers.print",
            guard=_has_number,
            icon="printer",
            main=True,
        ),
        Transition(
            "seal",
            "回传盖章件",
            ("to_seal",),
            "sealed",
            "papers.seal",
            guard=_has_scan,
            icon="rubber-stamp",
            main=True,
        ),
        Transition(
            "rewrite", "改文字，重新打印", ("to_seal",), "to_print", "papers.print", icon="edit", past="rewritten"
        ),
        Transition(
            "void",
            "作废",
            ("to_print", "to_seal"),
            "void",
            "papers.void",
            needs_reason=True,
            icon="x",
            past="voided",
        ),
    ),
)

TABLES = (PAPER,)

"""Pure rules of records: what a new record says, and the digest of a batch."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from unionhome.core.registry import BadInput

if TYPE_CHECKING:
    from django.db.models import Model

    from unionhome.core.tree.models import Node


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record is made of. `amount_fen` is what the service was worth; `link` is the path of its page.

    A record of a group has no person, but a head count and the kind of people they were.
    """

    service: str
    node: "Node"
    on: date
    summary: str
    link: str = ""
    person_id: int | None = None
    head_count: int = 1
    amount_fen: int = 0
    theme: str = ""
    joint: str = ""
    about: "Model | None" = None
    beneficiary_kind: str = "worker"
    hidden_path: str = ""


def check(new: NewRecord, today: date) -> None:
    """Raise BadInput where a record could not stand: nobody served, an amount below zero, a day yet to come."""
    if new.head_count < 1:
        raise BadInput("人次至少是 1。", fields={"head_count": "人次至少是 1。"})
    if new.person_id is not None and new.head_count != 1:
        raise BadInput(
            "记到一个人名下的服务，人次只能是 1。",
            fields={"head_count": "记到一个人名下时填 1。"},
        )
    if new.amount_fen < 0:
        raise BadInput("金额不能小于 0。", fields={"amount_fen": "金额不能小于 0。"})
    if new.on > today:
        raise BadInput("服务日期不能晚于今天。", fields={"on": "服务日期不能晚于今天。"})


def digest(news: Iterable[NewRecord]) -> str:
    """SHA-256 over the facts of a batch, in the order given: the journal keeps it in place of the rows."""
    whole = hashlib.sha256()
    for new in news:
        facts = [
            new.service,
            new.node.pk,
            new.on.isoformat(),
            new.person_id,
            new.head_count,
            new.amount_fen,
            new.theme,
            new.joint,
            new.summary,
            new.beneficiary_kind,
            new.about.pk if new.about else None,
        ]
        whole.update(json.dumps(facts, ensure_ascii=False).encode() + b"\n")
    return whole.hexdigest()

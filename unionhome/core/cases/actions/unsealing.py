"""Breaking the glass: a sealed note opened for one reading by somebody it was not written for."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from unionhome.core.access.queries import get_actor, list_holders
from unionhome.core.cases import queries
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.rules import ENTRY_TEXT_FIELD, UNSEAL_REASONS
from unionhome.core.journal.actions import record
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.members.actions.privacy.looking import note_sealed_opened
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.registry import Actor, BadInput, require_strong
from unionhome.core.tree.queries import find_hidden
from unionhome.kit.codes import INVISIBLE, mask_numbers

LEAST_WORDS, MOST_WORDS = 4, 100
ADMINISTERS, READS = "access.manage_users", "cases.sealed_read"
"""Whoever holds the first is a system administrator, and is told of every opening; holders of the second are where that
makes fewer than `LEAST_TOLD`."""
LEAST_TOLD = 2


@transaction.atomic
def open_note(actor: Actor, case_id: int, note_id: int, *, reason: str, words: str) -> str:
    """The text of a sealed note, for this once. Journaled, and shown among the member's own looks; its writer and the
    system administrators are told. Source: a sealed note's opening needs a reason and notifies two people.

    Needs the second factor. Raises NotFound, Forbidden, BadInput without a reason of the list and words to it.
    """
    case, note = queries.get_sealed_note(actor, case_id, note_id)
    require_strong(actor, "cases.unseal")
    words = " ".join(words.translate(INVISIBLE).split())
    if reason not in UNSEAL_REASONS:
        raise BadInput("请选一个打开的原因。", "reason-missing", fields={"reason": "请选一个打开的原因。"})
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        sentence = f"请写明为什么要打开，{LEAST_WORDS}到{MOST_WORDS}个字。"
        raise BadInput(sentence, "words-missing", fields={"words": sentence})
    entry = record(
        actor,
        "cases.note.opened",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"打开了密封记录：{case.title}",
        data={"note": note.pk, "reason": f"{UNSEAL_REASONS[reason]}：{mask_numbers(words)}"},
    )
    if case.person_id is not None:
        note_sealed_opened(actor, case.person_id, entry, reason_text=f"{UNSEAL_REASONS[reason]}：{mask_numbers(words)}")
    _tell(actor, case, note, entry, UNSEAL_REASONS[reason])
    return queries.get_text(note.text_sealed, ENTRY_TEXT_FIELD)


def _tell(actor: Actor, case: Case, note: Entry, entry: JournalEntry, why: str) -> None:
    """Nobody whom the case is hidden from; a link only for a writer who can open the case still."""
    who = f"{actor.node_name}{actor.post or '的同事'}"
    writer = get_actor(note.user, "desk", actor.at) if note.user and note.user.is_active else None
    told = set()
    if writer is not None and not find_hidden(writer, Case, [case.pk]):
        told.add(note.user_id)
        link = reverse("cases:case", args=[case.pk]) if queries.is_seen(writer, case) else ""
        text = f"{who}打开了您在{case.number}里写的密封记录，原因：{why}。"
        _send(actor, case, entry, text, [note.user_id], link)
    text = f"{who}打开了{case.number}里的一条密封记录，原因：{why}。"
    for permission in (ADMINISTERS, READS):
        if permission == ADMINISTERS or len(told) < LEAST_TOLD:
            holders = list_holders(case.node, permission, actor.at, hidden_path=case.hidden_path)
            others = {user.pk for user in holders} - told - {note.user_id, actor.user_id}
            _send(actor, case, entry, text, sorted(others), "")
            told |= others


def _send(actor: Actor, case: Case, entry: JournalEntry, text: str, users: Sequence[int | None], link: str) -> None:
    message = Message(
        "cases.unsealed", text, case.node, link=link, about=case, entry=entry, hidden_path=case.hidden_path
    )
    receivers = [Receiver(pk, "desk") for pk in users if pk is not None]
    notify(actor, message, receivers, key=f"entry-{entry.pk}")

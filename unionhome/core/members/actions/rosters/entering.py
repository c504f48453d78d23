"""Entering a checked roster, lot by lot: each lot is one transaction, and each row is entered once however often asked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from unionhome.core.journal.actions import BulkFact, record, record_bulk
from unionhome.core.members.actions.privacy.looking import note_probes
from unionhome.core.members.actions.rosters.intake import ENTER, Progress, item_of
from unionhome.core.members.actions.rosters.judged import Judged, judge_rows, list_moved
from unionhome.core.members.actions.rosters.writing import LotWriter
from unionhome.core.members.actions.standing.resting import follow_members
from unionhome.core.members.models import RosterImport, RosterLot
from unionhome.core.members.queries import rosters as queries
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import ELSEWHERE, RosterRow
from unionhome.core.members.sheets import cells_of
from unionhome.core.members.workflow import ROSTER
from unionhome.core.registry import Actor, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import move
from unionhome.kit.bulk import much_to_make
from unionhome.kit.codes import mask_numbers
from unionhome.kit.sheets import Refusal

MOST_TRIES = 6
LOTS_PER_JOB = 12
"""Lots that one job enters before the next takes over: about a minute."""
ENTERS = (Outcome.NEW, Outcome.CHANGED, Outcome.MOVED)
KEYS = {"n": "new", "c": "changed", "m": "moved_here", "out": "moved_out"}
"""What the journal calls the rows of each kind; `out` are those whom a union lost."""
WROTE = {Outcome.NEW: "登记新会员", Outcome.CHANGED: "更新资料", Outcome.MOVED: "转入"}


@transaction.atomic
def apply_roster(actor: Actor, roster_id: int, *, submit_key: str = "", in_background: bool = True) -> RosterImport:
    """Confirm what the check foresaw and queue the entry. Raises NotFound, Forbidden, Refused."""
    roster = queries.get_roster(actor, roster_id)
    facts = {"takes": roster.row_count > roster.preview.get(Outcome.REFUSED.value, 0)}
    was = roster.state
    move(actor, ROSTER, roster, "apply", item=item_of(roster), facts=facts, submit_key=submit_key)
    if was == "checked":
        _confirm(actor, roster)
        if in_background:
            queue_entry(roster, 0)
    return roster


def _confirm(actor: Actor, roster: RosterImport) -> None:
    """Keep who answers for the entry, and that nothing stands in its way."""
    roster.confirmed_by_id, roster.problem = actor.user_id, ""
    roster.save(update_fields=["confirmed_by", "problem"])


@transaction.atomic
def resume_roster(actor: Actor, roster_id: int, *, submit_key: str = "", in_background: bool = True) -> RosterImport:
    """Go on with an entry that stopped, in the name of whoever asks. Raises NotFound, Forbidden, Refused."""
    roster = queries.get_roster(actor, roster_id)
    was = roster.state
    step = move(actor, ROSTER, roster, "resume", item=item_of(roster), submit_key=submit_key)
    if was == "stalled":
        _confirm(actor, roster)
        if in_background:
            queue_entry(roster, roster.done_count, f":{step.pk}")
    return roster


@transaction.atomic
def stall_roster(actor: Actor, roster_id: int, sentence: str) -> None:
    """Say on the roster why its entry stopped, and let anybody of the branch take it up again."""
    roster = RosterImport.objects.select_for_update(of=("self",)).select_related("node").get(pk=roster_id)
    if roster.state != "applying":
        return
    roster.problem = mask_numbers(sentence)[:300]
    roster.save(update_fields=["problem"])
    move(actor, ROSTER, roster, "stall", item=replace(item_of(roster), assignee_id=None))


def queue_entry(roster: RosterImport, done: int, turn: str = "") -> None:
    """Let the worker enter the next lots; asked twice, it is queued once for each `turn`."""
    resolve(ENTER).using(key=f"members.roster:{roster.pk}:enter:{done}{turn}").enqueue(roster.pk)


def enter_roster(
    actor: Actor, roster_id: int, *, most: int | None = None, progress: Progress | None = None
) -> RosterImport:
    """Enter the lots that wait, at most `most`, and finish the roster after the last. May run again after any death.

    `actor` is whoever confirmed it: the permission is asked for again. Raises NotFound, Forbidden.
    """
    roster = queries.get_roster(actor, roster_id)
    if roster.state != "applying":
        return roster
    actor.require(queries.IMPORT, roster.node.path)
    writer = LotWriter(actor)
    with much_to_make():
        for pk in queries.list_waiting_lots(roster)[:most]:
            _enter_lot(actor, roster, pk, writer)
            if progress:
                roster.refresh_from_db(fields=["done_count"])
                progress(roster.done_count, roster.row_count)
    if not queries.count_left_lots(roster):
        finish_roster(actor, roster.pk)
    roster.refresh_from_db()
    return roster


def _enter_lot(actor: Actor, roster: RosterImport, pk: int, writer: LotWriter) -> None:
    """One lot, tried again where somebody entered one of its people at the same moment."""
    lot = RosterLot.objects.get(pk=pk)
    rows = queries.read_rows(lot)
    letters = iter(lot.outcomes)
    expected = [letter for letter in letters if letter != Outcome.REFUSED.value]
    prepared = {
        row.number: writer.prepare(row)
        for row, letter in zip(rows, expected, strict=True)
        if letter == Outcome.NEW.value
    }
    employers = queries.find_employers(rows)
    for left in reversed(range(MOST_TRIES)):
        try:
            return _write_lot(actor, roster, pk, rows, prepared, employers, writer)
        except (IntegrityError, OperationalError):
            if not left:
                raise
    return None


@transaction.atomic
def _write_lot(
    actor: Actor,
    roster: RosterImport,
    pk: int,
    rows: Sequence[RosterRow],
    prepared: dict[int, list[Any]],
    employers: queries.Employers,
    writer: LotWriter,
) -> None:
    """Persons, memberships, outcomes and counts of one lot, or nothing of it."""
    lot = RosterLot.objects.select_for_update().get(pk=pk)
    if lot.applied_at is not None:
        return
    judged = judge_rows(rows, roster.node.path, lock=True)
    writer.write(judged, prepared, employers)
    follow_members(actor, list_moved(judged))
    late = [each for each in judged if each.verdict.outcome is Outcome.REFUSED]
    if late:
        note_probes(actor, [each.row.blind for each in late if each.verdict.code == ELSEWHERE])
    _close_lot(lot, roster, judged, late)
    lot.applied_at = actor.at
    lot.save()
    _count(roster.pk, lot)


def _close_lot(lot: RosterLot, roster: RosterImport, judged: Sequence[Judged], late: Sequence[Judged]) -> None:
    """Put down what became of each row, and keep nothing of those that were entered."""
    now = iter(each.verdict.outcome.value for each in judged)
    refused = Outcome.REFUSED.value
    lot.outcomes = "".join(refused if letter == refused else next(now) for letter in lot.outcomes)
    lot.counts = {letter: lot.outcomes.count(letter) for letter in sorted(set(lot.outcomes))}
    lot.rows_sealed = b""
    lot.trail = _trail(judged)
    if late:
        kept = [Refusal._make(each) for each in queries.unpack(lot.refused_sealed)]
        codes = queries.get_codes(each.row.node_id for each in late)
        kept += [
            Refusal(
                each.row.number,
                each.verdict.code,
                each.verdict.sentence,
                cells_of(each.row, codes[each.row.node_id], roster.columns),
            )
            for each in late
        ]
        lot.refused_sealed = queries.pack(sorted(kept))
        for each in late:
            lot.reasons[each.verdict.code] = lot.reasons.get(each.verdict.code, 0) + 1


def _trail(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """By union: how many rows of each kind were written, and the digest of those rows; also whom a union lost."""
    lines: dict[int, list[str]] = defaultdict(list)
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in judged:
        outcome = each.verdict.outcome
        if outcome not in ENTERS:
            continue
        line = f"{each.row.number}:{outcome.value}:{each.row.blind}"
        lines[each.row.node_id].append(line)
        counts[each.row.node_id][outcome.value] += 1
        if outcome is Outcome.MOVED and each.known:
            lines[each.known.node_id].append(f"{line}:out")
            counts[each.known.node_id]["out"] += 1
    return {
        str(node): {**counts[node], "sha256": hashlib.sha256("\n".join(lines[node]).encode()).hexdigest()}
        for node in sorted(lines)
    }


def _count(roster_id: int, lot: RosterLot) -> None:
    """Add a lot to what its roster has come to."""
    held = RosterImport.objects.select_for_update().get(pk=roster_id)
    for letter, count in lot.counts.items():
        held.counts[letter] = held.counts.get(letter, 0) + count
    held.done_count += lot.row_count
    held.save(update_fields=["counts", "done_count"])


@transaction.atomic
def finish_roster(actor: Actor, roster_id: int, *, source: str = "applying", verb: str = "finish") -> None:
    """One journal entry for each union that the roster touched, then the end."""
    roster = RosterImport.objects.select_for_update().select_related("node").get(pk=roster_id)
    if roster.state != source:
        return
    reasons: dict[str, int] = defaultdict(int)
    for found in RosterLot.objects.filter(roster=roster).values_list("reasons", flat=True):
        for code, count in found.items():
            reasons[code] += count
    roster.reasons, roster.applied_at = dict(reasons), actor.at
    roster.save(update_fields=["reasons", "applied_at"])
    record_bulk(actor, "members.roster.entered", about=roster, facts=_facts(roster))
    move(Actor.system("entry of a roster", actor.at), ROSTER, roster, verb, item=item_of(roster))


def _facts(roster: RosterImport) -> Iterator[BulkFact]:
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    digests: dict[int, Any] = defaultdict(hashlib.sha256)
    for trail in queries.list_trails(roster):
        for node, facts in trail.items():
            for letter, count in facts.items():
                if letter == "sha256":
                    digests[int(node)].update(count.encode())
                else:
                    sums[int(node)][letter] += count
    nodes = Node.objects.in_bulk(list(sums))
    for node_id in sorted(sums, key=lambda each: nodes[each].path):
        yield BulkFact(
            nodes[node_id],
            f"{nodes[node_id].name}按名册{_words(sums[node_id])}"[:300],
            {
                **{KEYS[letter]: count for letter, count in sums[node_id].items()},
                "sha256": digests[node_id].hexdigest(),
            },
        )


def _words(counts: dict[str, int]) -> str:
    words = [f"{text}{counts[outcome.value]}人" for outcome, text in WROTE.items() if counts.get(outcome.value)]
    return "，".join([*words, *([f"转出{counts['out']}人"] if counts.get("out") else [])])


def note_download(actor: Actor, roster: RosterImport) -> None:
    """That somebody took the refused rows, with their numbers in clear."""
    refused = roster.reasons and sum(roster.reasons.values())
    record(
        actor,
        "members.roster.downloaded",
        node=roster.node,
        about=roster,
        summary=f"下载名册“{roster.name}”里没有收的{refused or 0}行",
        data={"count": refused or 0},
    )


@transaction.atomic
def export_roster(actor: Actor, node: Node) -> None:
    """That a whole roster, numbers in clear, is written out. Raises Forbidden."""
    actor.require(queries.IMPORT, node.path)
    record(actor, "members.roster.exported", node=node, about=node, summary=f"导出{node.name}的会员名册，号码完整")

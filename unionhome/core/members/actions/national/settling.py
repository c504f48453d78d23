"""Settling what differs from the national register, one row or many: through the acts that rosters use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from unionhome.core.journal.actions import BulkFact, record, record_bulk
from unionhome.core.members.actions.privacy.looking import note_probes
from unionhome.core.members.actions.register.facts import set_facts
from unionhome.core.members.actions.rosters.judged import judge_rows, list_moved
from unionhome.core.members.actions.rosters.writing import LotWriter
from unionhome.core.members.actions.standing.changing import close_membership
from unionhome.core.members.actions.standing.resting import end_what_rests_on_it, follow_members
from unionhome.core.members.models import Membership, NationalDifference, NationalImport, Person
from unionhome.core.members.queries import national as queries
from unionhome.core.members.queries import rosters
from unionhome.core.members.rules import national as rules
from unionhome.core.members.rules.codes import STANDING, NationalState, Outcome, Source, Status
from unionhome.core.members.rules.national import NationalRow
from unionhome.core.members.rules.roster import ELSEWHERE, RosterRow
from unionhome.core.members.rules.roster_judging import Known
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.kit import bulk
from unionhome.kit.codes import mask_name, mask_numbers

SETTLED_AT_ONCE = 2000
"""Most rows of one act."""
ERASED = "导出表已过保存期限，请重新上传再核对"


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rows an act settles, and why the others not: sentences with how many rows each."""

    count: int
    faults: tuple[tuple[str, int], ...]


def preview_settling(actor: Actor, batch_id: int, ids: Sequence[int], verb: str) -> Settled:
    """Which of the rows can take part in an act, changing nothing. Raises NotFound, BadInput."""
    batch, act = _get(actor, batch_id, verb)
    fitting, faults = _sort_out(act, _list(actor, batch, ids))
    return Settled(len(fitting), tuple(faults.most_common()))


@transaction.atomic
def settle_differences(actor: Actor, batch_id: int, ids: Sequence[int], verb: str, *, reason: str = "") -> Settled:
    """Settle rows by one act; what was settled already is passed over. Raises NotFound, Forbidden, BadInput."""
    batch, act = _get(actor, batch_id, verb)
    reason = mask_numbers(reason.strip())
    if act.needs_reason and not reason:
        raise BadInput("请写明原因。", fields={"reason": "请写明原因"})
    if len(reason) > 200:
        raise BadInput("原因最多200个字。", fields={"reason": "原因最多200个字"})
    fitting, faults = _sort_out(act, _list(actor, batch, ids, lock=True))
    done = list(fitting)
    if verb in (rules.TAKE, rules.ENTER):
        done = _write(actor, batch, fitting, faults)
    elif verb == rules.LEAVE:
        done = _end(actor, fitting, reason, faults)
    elif verb == rules.KEEP:
        waiting = [(NationalState.WAITING.value, each.person_id) for each in done if each.kind == "here"]
        bulk.update(Person, ("national_state",), waiting)
    NationalDifference.objects.filter(pk__in=[each.pk for each in done]).update(
        state=act.state, reason=reason, decided_at=actor.at, decided_by_id=actor.user_id
    )
    _journal(actor, batch, act, done)
    return Settled(len(done), tuple(faults.most_common()))


def _get(actor: Actor, batch_id: int, verb: str) -> tuple[NationalImport, rules.Act]:
    batch = queries.get_national(actor, batch_id)
    actor.require(rosters.IMPORT, batch.node.path)
    if verb not in rules.BY_VERB:
        raise BadInput("没有这种处理办法，请刷新页面再试。")
    return batch, rules.BY_VERB[verb]


def _list(actor: Actor, batch: NationalImport, ids: Sequence[int], *, lock: bool = False) -> list[NationalDifference]:
    if not ids:
        raise BadInput("还没有选要处理的行。")
    if len(ids) > SETTLED_AT_ONCE:
        raise BadInput(f"一次最多处理{SETTLED_AT_ONCE}行，请分几次。")
    rows = queries.list_differences(actor, batch)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return list(rows.filter(pk__in=ids))


def _sort_out(act: rules.Act, rows: Sequence[NationalDifference]) -> tuple[list[NationalDifference], Counter[str]]:
    fitting, faults = [], Counter[str]()
    for row in rows:
        read = queries.find_row(row) if act.verb in (rules.TAKE, rules.ENTER) else None
        fault = rules.fault_of(act, row.kind, has_union=read is None or read.has_union)
        if not fault and act.verb in (rules.TAKE, rules.ENTER) and read is None:
            fault = ERASED
        if fault:
            faults[fault] += 1
        else:
            fitting.append(row)
    return fitting, faults


def _write(
    actor: Actor, batch: NationalImport, rows: Sequence[NationalDifference], faults: Counter[str]
) -> list[NationalDifference]:
    """Enter the rows as a roster's: judged again, written by the same statements, with their own source."""
    opened = {row.pk: read for row in rows if (read := queries.find_row(row)) is not None}
    _take_names(actor, batch, rows, opened)
    known = rosters.find_known([read.row.blind for read in opened.values()])
    own = {pk: _in_own_union(read, known) for pk, read in opened.items()}
    judged = judge_rows([own[row.pk] for row in rows], batch.node.path, lock=True)
    good = [each for each in judged if each.verdict.outcome is not Outcome.REFUSED]
    LotWriter(actor, Source.NATIONAL).write(good, {}, rosters.find_employers([each.row for each in good]))
    follow_members(actor, list_moved(good))
    note_probes(actor, [each.row.blind for each in judged if each.verdict.code == ELSEWHERE])
    for each in judged:
        if each.verdict.outcome is Outcome.REFUSED:
            faults[each.verdict.sentence] += 1
    _mark(opened, {each.row.number for each in good})
    numbers = {each.row.number for each in good}
    return [row for row in rows if row.number in numbers]


def _take_names(
    actor: Actor, batch: NationalImport, rows: Sequence[NationalDifference], opened: dict[int, NationalRow]
) -> None:
    """A name is a fact of its own: it is corrected first, and stands in the journal."""
    for row in rows:
        if "name" in row.fields and row.person_id:
            actor.require("members.correct", batch.node.path)
            person = Person.objects.select_related("node").get(pk=row.person_id)
            set_facts(actor, person, {"name": opened[row.pk].row.name}, Source.NATIONAL)


def _in_own_union(read: NationalRow, known: dict[str, Known]) -> RosterRow:
    held = known.get(read.row.blind)
    if read.has_union or held is None or not held.node_id:
        return read.row
    return read.row._replace(node_id=held.node_id)


def _mark(opened: dict[int, NationalRow], numbers: set[int]) -> None:
    reads = [read for read in opened.values() if read.row.number in numbers]
    known = rosters.find_known([read.row.blind for read in reads])
    rows = [
        (read.national_no, read.national_state, known[read.row.blind].person_id)
        for read in reads
        if read.row.blind in known and (read.national_no or read.national_state)
    ]
    bulk.update(Person, ("national_no", "national_state"), rows)


def _end(
    actor: Actor, rows: Sequence[NationalDifference], reason: str, faults: Counter[str]
) -> list[NationalDifference]:
    """End memberships of people who went away, as of today; whoever is gone already is only noted."""
    today = timezone.localdate(actor.at)
    held = {
        each.person_id: each
        for each in Membership.objects.select_for_update(of=("self",))
        .select_related("node", "person")
        .filter(person__in=[row.person_id for row in rows], status__in=STANDING)
    }
    done = []
    for row in rows:
        membership = held.get(row.person_id or 0)
        if membership is not None and membership.status == Status.TRANSFERRING:
            faults["会籍正在转接，等转接办完再处理"] += 1
            continue
        done.append(row)
        if membership is None:
            continue
        actor.require(rosters.IMPORT, membership.node.path)
        close_membership(membership, Status.LEFT, on=today, reason=reason)
        record(
            actor, "members.member.left", node=membership.node, about=membership, subject_id=row.person_id,
            summary=f"{mask_name(membership.person.name)}登记为已离开：{reason}"[:300],
            data={"status": Status.LEFT, "on": (membership.left_on or today).isoformat()},
        )  # fmt: skip
    gone = [row.person_id for row in done if row.person_id in held and row.person_id]
    end_what_rests_on_it(actor, gone, f"工会登记为已离开：{reason}")
    return done


def _journal(actor: Actor, batch: NationalImport, act: rules.Act, rows: Sequence[NationalDifference]) -> None:
    counts = Counter(row.node_id for row in rows)
    nodes = Node.objects.in_bulk(list(counts))
    record_bulk(
        actor, "members.national.settled", about=batch,
        facts=[
            BulkFact(nodes[pk], f"核对全国系统：{act.label}{count}人", {"count": count})
            for pk, count in sorted(counts.items())
        ],
    )  # fmt: skip


def note_national_download(actor: Actor, batch: NationalImport, count: int) -> None:
    """That somebody took the list of differences, masked."""
    record(
        actor, "members.national.downloaded", node=batch.node, about=batch,
        summary=f"下载全国系统核对的差异{count}行", data={"count": count},
    )  # fmt: skip

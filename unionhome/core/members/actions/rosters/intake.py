"""Handing in a roster and checking it: the file is sealed, every row read once and compared, nothing entered yet."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.files.queries import get_content, list_files
from unionhome.core.files.rules import clean_name
from unionhome.core.members.actions.privacy.looking import note_probes
from unionhome.core.members.actions.rosters.judged import Judged, judge_rows
from unionhome.core.members.models import RosterImport, RosterLot
from unionhome.core.members.queries import rosters as queries
from unionhome.core.members.rules import roster as rules
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.roster import RosterRow, RowReader, UnionRef
from unionhome.core.members.rules.roster_judging import label_of_change
from unionhome.core.members.workflow import ROSTER
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, Refused, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.bulk import much_to_make
from unionhome.kit.codes import mask_document, mask_name, mask_numbers
from unionhome.kit.sheets import Refusal, SheetRefused, Table, Wrong, read_table

LOT_ROWS = 8_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 200
SHOWN_UNKNOWN = 40
SAMPLES = 8
LEAVES = ("grassroots", "group", "village")
CHECK, ENTER = "unionhome.core.members.jobs.check_roster", "unionhome.core.members.jobs.enter_roster"

Progress = Callable[[int, int], None]


def hand_in_roster(
    actor: Actor,
    data: bytes,
    *,
    name: str,
    union: Node | None = None,
    branch: Node | None = None,
    submit_key: str = "",
    in_background: bool = True,
) -> RosterImport:
    """Seal the file and queue its check. `union` takes the rows that name none; `branch` narrows what it may touch.

    Raises Forbidden, BadInput for a file that is no table.
    """
    node = branch or queries.find_own_branch(actor)
    actor.require(queries.IMPORT, node.path)
    if union is None and node.level in LEAVES:
        union = node
    content = files.prepare_sheet(actor, data, name=name, node=node)
    return _open(actor, content, node, union, clean_name(name, "", "名册"), submit_key, in_background)


@transaction.atomic
def _open(
    actor: Actor, content: files.Content, node: Node, union: Node | None, name: str, key: str, in_background: bool
) -> RosterImport:
    earlier = RosterImport.objects.filter(submit_key=key).first() if key else None
    if earlier is not None:
        return earlier
    roster = RosterImport.objects.create(
        node=node,
        default_node=union,
        user_id=actor.user_id,
        state=ROSTER.initial,
        name=name,
        digest=content.digest,
        created_at=actor.at,
        submit_key=key or None,
    )
    files.attach(actor, content, node=node, about_model="members.rosterimport", about_id=roster.pk)
    start(actor, ROSTER, roster, item_of(roster))
    if in_background:
        resolve(CHECK).using(key=f"members.roster:{roster.pk}:check").enqueue(roster.pk)
    return roster


def item_of(roster: RosterImport) -> ItemFacts:
    """What the inbox shows of a roster."""
    size = f"，{roster.row_count}行" if roster.row_count else ""
    return ItemFacts(
        node=roster.node,
        title=f"会员名册“{roster.name}”{size}"[:120],
        url=reverse("members:roster", args=[roster.pk]),
        kind_label="名册导入",
        icon="file-import",
        origin="上传" if roster.user_id else "命令行",
        assignee_id=roster.user_id,
    )


@transaction.atomic
def cancel_roster(actor: Actor, roster_id: int, *, submit_key: str = "") -> RosterImport:
    """Give a roster up before anything of it was entered. Raises NotFound, Forbidden, Refused."""
    roster = queries.get_roster(actor, roster_id)
    move(actor, ROSTER, roster, "cancel", item=item_of(roster), submit_key=submit_key)
    return roster


# -- the check -------------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What a check has come to so far."""

    preview: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    stays: Counter[int] = field(default_factory=Counter)
    seen: dict[bytes, int] = field(default_factory=dict)
    cards: dict[str, int] = field(default_factory=dict)
    unions: set[int] = field(default_factory=set)
    rows: int = 0
    lots: int = 0


def check_roster(actor: Actor, roster_id: int, *, progress: Progress | None = None) -> RosterImport:
    """Read the file, judge every row and keep them in sealed lots. A check that was cut off starts again.

    What the file as a whole is refused for stands in `problem`; a refused file leaves no rows behind.
    """
    roster = queries.get_roster(actor, roster_id)
    if roster.state != "uploaded":
        return roster
    RosterLot.objects.filter(roster=roster).delete()
    found = _Found()
    try:
        with much_to_make():
            _check_table(actor, roster, _read_file(roster), found, progress)
        if not found.rows:
            raise BadInput("名册里一行会员也没有，请核对文件。", "roster-empty")
    except (SheetRefused, Refused) as refused:
        return _refuse(actor, roster, found, refused.sentence)
    return _finish(actor, roster, found)


def _read_file(roster: RosterImport) -> Table:
    file = list_files(roster).get()
    return read_table(
        get_content(file),
        file.name,
        known=rules.known_columns(),
        max_rows=MOST_ROWS,
        max_columns=MOST_COLUMNS,
    )


def _check_table(actor: Actor, roster: RosterImport, table: Table, found: _Found, progress: Progress | None) -> None:
    proper = dict(rules.proper_names(table.columns))
    roster.columns = list(dict.fromkeys(proper.values()))
    roster.unknown = [mask_numbers(text)[:40] for text in table.unknown[:SHOWN_UNKNOWN]]
    missing = [name for name in rules.STARRED if name not in roster.columns]
    if roster.default_node is not None and rules.UNION in missing:
        missing.remove(rules.UNION)
    if missing:
        raise BadInput(f"名册里缺少这些列：{'、'.join(missing)}。请用模板里的表头。", "roster-columns")
    default = roster.default_node
    unions = queries.get_union_refs(roster.node)
    reader = RowReader(
        timezone.localdate(actor.at),
        lambda code: unions.get(code) or queries.find_union_ref(code),
        roster.node.path,
        UnionRef(default.pk, default.path, default.closed_on is not None) if default else None,
    )
    renamed = any(name != own for name, own in proper.items())
    rows = (
        (number, {own: cells[name] for name, own in proper.items()} if renamed else cells)
        for number, cells in table.rows
    )
    most_told = 0 if actor.is_system else int(get_value("members.roster_told", reader.today, roster.node))
    told = 0 if actor.is_system else queries.count_told(actor)
    while lot := list(islice(rows, LOT_ROWS)):
        _check_lot(actor, roster, lot, reader, found)
        if not actor.is_system and told + found.reasons[rules.ELSEWHERE] > most_told:
            raise BadInput(
                f"一天里已经有{most_told}多人显示“已在其他工会入会”，先停一停；请分批核对，或请上级工会导入。",
                "roster-told",
            )
        if progress:
            progress(found.rows, 0)


def _check_lot(
    actor: Actor, roster: RosterImport, lot: list[tuple[int, dict[str, str]]], reader: RowReader, found: _Found
) -> None:
    """Read some thousand rows, judge them, keep them."""
    read: list[tuple[int, RosterRow | Refusal]] = []
    for number, cells in lot:
        read.append((number, _read_row(number, cells, reader, roster, found)))
    good = [each for _, each in read if isinstance(each, RosterRow)]
    judged = {each.row.number: each for each in judge_rows(good, roster.node.path)}
    told = [each.row.blind for each in judged.values() if each.verdict.code == rules.ELSEWHERE]
    cells_of = dict(lot)
    outcomes, ready, refused = [], [], []
    for number, each in read:
        if isinstance(each, RosterRow):
            verdict = judged[number].verdict
            outcomes.append(verdict.outcome.value)
            if verdict.outcome is Outcome.REFUSED:
                refused.append(_refusal(number, verdict.code, verdict.sentence, cells_of[number], roster))
            else:
                ready.append(each)
                _count_good(judged[number], found)
        else:
            outcomes.append(Outcome.REFUSED.value)
            refused.append(each)
    counts, reasons = Counter(outcomes), Counter(each.code for each in refused)
    found.preview.update(counts)
    found.reasons.update(reasons)
    _add_refused_samples(refused, found, roster)
    with transaction.atomic():
        _keep_lot(roster, found.lots, outcomes, ready, refused, counts, reasons)
        if told:
            note_probes(actor, told)
    found.lots += 1
    found.rows += len(lot)


def _keep_lot(
    roster: RosterImport,
    number: int,
    outcomes: list[str],
    ready: list[RosterRow],
    refused: list[Refusal],
    counts: Mapping[str, int],
    reasons: Mapping[str, int],
) -> None:
    try:
        RosterLot.objects.create(
            roster=roster,
            number=number,
            row_count=len(outcomes),
            rows_sealed=queries.pack(ready),
            refused_sealed=queries.pack(refused) if refused else b"",
            outcomes="".join(outcomes),
            counts=dict(counts),
            reasons=dict(reasons),
        )
    except IntegrityError as error:
        raise Refused("这份名册正在由另一个程序检查。", "roster-checked-twice") from error


def _read_row(
    number: int, cells: dict[str, str], reader: RowReader, roster: RosterImport, found: _Found
) -> RosterRow | Refusal:
    try:
        row = reader.read(number, cells)
    except Wrong as wrong:
        return _refusal(number, wrong.code, wrong.sentence, cells, roster)
    key = bytes.fromhex(row.blind[:32])
    earlier = found.seen.setdefault(key, number)
    if earlier != number:
        return _refusal(number, rules.DOUBLED, f"和第{earlier}行的证件号码相同，只收前面一行", cells, roster)
    if row.card_no and found.cards.setdefault(row.card_no, number) != number:
        sentence = f"和第{found.cards[row.card_no]}行的会员卡号相同"
        return _refusal(number, rules.CARD_TAKEN, sentence, cells, roster)
    return row


def _refusal(number: int, code: str, sentence: str, cells: Mapping[str, str], roster: RosterImport) -> Refusal:
    return Refusal(number, code, sentence, [cells.get(column, "") for column in roster.columns])


# -- samples and the end ---------------------------------------------------------------------------------------------


def _count_good(judged: Judged, found: _Found) -> None:
    row, outcome = judged.row, judged.verdict.outcome
    found.unions.add(row.node_id)
    if outcome in (Outcome.CHANGED, Outcome.UNCHANGED):
        found.stays[row.node_id] += 1
    kept = found.samples[outcome.value]
    if len(kept) < SAMPLES:
        kept.append(_sample(judged))


def _sample(judged: Judged) -> dict[str, Any]:
    row, known = judged.row, judged.known
    sample = {
        "row": row.number,
        "name": mask_name(row.name),
        "document": mask_document(row.document),
        "node": row.node_id,
        "note": "、".join(label_of_change(key) for key in judged.verdict.changed),
    }
    if known and judged.verdict.outcome is Outcome.MOVED:
        sample["from_node"] = known.node_id
    return sample


def _add_refused_samples(refused: list[Refusal], found: _Found, roster: RosterImport) -> None:
    """Some of every reason, so that a common one does not hide the others."""
    kept = found.samples[Outcome.REFUSED.value]
    columns: list[str] = roster.columns
    for each in refused:
        if sum(one["code"] == each.code for one in kept) >= 2 or len(kept) >= 3 * SAMPLES:
            continue
        cells = dict(zip(columns, each.cells, strict=True))
        kept.append(
            {
                "row": each.number,
                "name": mask_name(cells.get(rules.NAME, "")),
                "document": mask_document(cells.get(rules.DOCUMENT, "")),
                "code": each.code,
                "note": mask_numbers(each.sentence),
            }
        )


def _add_missing(found: _Found) -> int:
    """Members of the roster's unions whom it does not name: they are told of, and left alone."""
    total = 0
    for node_id, standing in queries.count_standing(found.unions).items():
        lacking = max(0, standing - found.stays[node_id])
        kept = found.samples["missing"]
        if lacking and len(kept) < SAMPLES:
            kept.extend(islice(_missing_of(node_id, found), SAMPLES - len(kept)))
        total += lacking
    return total


def _missing_of(node_id: int, found: _Found) -> Iterator[dict[str, Any]]:
    for index, name, _ in queries.list_standing(node_id):
        if bytes.fromhex(index[:32]) not in found.seen:
            yield {"name": mask_name(name), "node": node_id}


def _name_unions(samples: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    every = [each for kept in samples.values() for each in kept]
    names = queries.get_union_names(each[key] for each in every for key in ("node", "from_node") if key in each)
    for each in every:
        each["union"] = names.get(each.get("node", 0), "")
        each["from_union"] = names.get(each.get("from_node", 0), "")
    return dict(samples)


def _is_checking(roster: RosterImport) -> bool:
    """Whether the roster still waits for its check, locked; of one that was given up meanwhile no rows are left."""
    state = RosterImport.objects.select_for_update().values_list("state", flat=True).get(pk=roster.pk)
    if state == "cancelled":
        RosterLot.objects.filter(roster=roster).delete()
    return state == "uploaded"


_TOLD = ("columns", "unknown", "reasons", "checked_at")


@transaction.atomic
def _finish(actor: Actor, roster: RosterImport, found: _Found) -> RosterImport:
    if not _is_checking(roster):
        roster.refresh_from_db()
        return roster
    roster.missing_count = _add_missing(found)
    roster.row_count, roster.lot_count = found.rows, found.lots
    roster.preview, roster.reasons = dict(found.preview), dict(found.reasons)
    roster.samples = _name_unions(found.samples)
    roster.checked_at = actor.at
    roster.save(update_fields=[*_TOLD, "missing_count", "row_count", "lot_count", "preview", "samples"])
    move(Actor.system("check of a roster", actor.at), ROSTER, roster, "check", item=item_of(roster))
    return roster


@transaction.atomic
def _refuse(actor: Actor, roster: RosterImport, found: _Found, sentence: str) -> RosterImport:
    if not _is_checking(roster):
        roster.refresh_from_db()
        return roster
    RosterLot.objects.filter(roster=roster).delete()
    roster.problem, roster.reasons, roster.checked_at = mask_numbers(sentence)[:300], dict(found.reasons), actor.at
    roster.save(update_fields=[*_TOLD, "problem"])
    move(Actor.system("check of a roster", actor.at), ROSTER, roster, "refuse", item=item_of(roster))
    return roster


def fail_check(actor: Actor, roster_id: int, sentence: str) -> None:
    """Refuse the whole file, because its check cannot be brought to an end."""
    roster = RosterImport.objects.select_related("node").get(pk=roster_id)
    _refuse(actor, roster, _Found(), sentence)

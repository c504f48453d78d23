"""Exports of the national register: hand one in, say whose column is whose, compare it with the register."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files import actions as files
from unionhome.core.files.queries import get_content, list_files
from unionhome.core.files.rules import clean_name
from unionhome.core.journal.actions import record
from unionhome.core.members.actions.privacy.looking import note_probes
from unionhome.core.members.actions.rosters.intake import MOST_COLUMNS, MOST_ROWS
from unionhome.core.members.actions.rosters.judged import Judged, judge_rows
from unionhome.core.members.models import NationalDifference, NationalImport, NationalMapping, Person
from unionhome.core.members.queries import national as queries
from unionhome.core.members.queries import rosters
from unionhome.core.members.rules import national as rules
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Outcome
from unionhome.core.members.rules.national import DifferenceKind, DifferenceState, NationalRow
from unionhome.core.members.rules.roster import DOCUMENT, ELSEWHERE, NAME, UNION, RowReader, UnionRef
from unionhome.core.members.workflow import NATIONAL
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, Refused, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit import bulk, crypto
from unionhome.kit.codes import mask_document, mask_name, mask_numbers
from unionhome.kit.codes.normal import normal
from unionhome.kit.sheets import SheetRefused, Wrong, read_rows, read_table

COMPARE = "unionhome.core.members.jobs.compare_national"
LOT_ROWS = 4000
TOP_ROWS, SAMPLE_ROWS, SAMPLES = 20, 40, 3
STRANGE = 30  # most words of one column that a mapping asks about


def hand_in_national(
    actor: Actor, data: bytes, *, name: str, branch: Node | None = None, submit_key: str = ""
) -> NationalImport:
    """Seal an export and read its head: headers, a few masked values, and how its columns were read last time.

    Raises Forbidden, BadInput for a file that is no table or has no header.
    """
    node = branch or rosters.find_own_branch(actor)
    actor.require(rosters.IMPORT, node.path)
    headers, samples = _read_head(data, name)
    content = files.prepare_sheet(actor, data, name=name, node=node)
    return _open(actor, content, node, clean_name(name, "", "导出表"), headers, samples, submit_key)


def _read_head(data: bytes, name: str) -> tuple[list[str], dict[str, list[str]]]:
    try:
        rows = read_rows(data, name, max_rows=MOST_ROWS, max_columns=MOST_COLUMNS)
        top = list(islice(rows, TOP_ROWS + SAMPLE_ROWS))
    except SheetRefused as refused:
        raise BadInput(refused.sentence, refused.code, fields={"file": refused.sentence}) from refused
    headers = rules.find_header(top[:TOP_ROWS])
    if len(headers) < len(rules.NEEDED):
        sentence = "表里没有找到表头，请上传全国系统直接导出的表。"
        raise BadInput(sentence, "national-header", fields={"file": sentence})
    ours = {header: column for column, header in rules.propose(headers).items()}
    place = next(number for number, row in enumerate(top) if rules.find_header([row]) == headers)
    head = [cell.strip() for cell in top[place]]
    samples: dict[str, list[str]] = defaultdict(list)
    for row in top[place + 1 :]:
        for header, text in zip(head, row, strict=False):
            if header and text and len(samples[header]) < SAMPLES:
                samples[header].append(rules.mask_sample(ours.get(header, ""), text))
    return headers, dict(samples)


@transaction.atomic
def _open(
    actor: Actor,
    content: files.Content,
    node: Node,
    name: str,
    headers: list[str],
    samples: dict[str, list[str]],
    key: str,
) -> NationalImport:
    earlier = NationalImport.objects.filter(submit_key=key).first() if key else None
    if earlier is not None:
        return earlier
    batch = NationalImport.objects.create(
        node=node, user_id=actor.user_id, state=NATIONAL.initial, name=name, digest=content.digest,
        headers=[mask_numbers(each)[:60] for each in headers], samples=samples,
        mapping=queries.find_mapping(node, rules.fingerprint(headers)), created_at=actor.at, submit_key=key or None,
    )  # fmt: skip
    files.attach(actor, content, node=node, about_model="members.nationalimport", about_id=batch.pk)
    start(actor, NATIONAL, batch, item_of(batch))
    return batch


def item_of(batch: NationalImport) -> ItemFacts:
    """What the inbox shows of an export."""
    return ItemFacts(
        node=batch.node,
        title=f"全国系统导出表“{batch.name}”"[:120],
        url=reverse("members:national_batch", args=[batch.pk]),
        kind_label="全国系统核对",
        icon="arrows-exchange",
        origin="上传",
        assignee_id=batch.user_id,
    )


@transaction.atomic
def start_comparing(
    actor: Actor,
    batch_id: int,
    *,
    columns: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]] | None = None,
    name: str = "",
    submit_key: str = "",
    in_background: bool = True,
) -> NationalImport:
    """Save whose column is whose under a name and queue the comparison. `columns` is ours: theirs, `words` by column
    of ours their word: ours. Raises NotFound, Forbidden, BadInput where name or document have no column."""
    batch = queries.get_national(actor, batch_id)
    actor.require(rosters.IMPORT, batch.node.path)
    if batch.erased_at is not None:
        raise Refused("导出表已过保存期限，请重新上传。", "national-erased")
    given = {column: header for column, header in columns.items() if header}
    _check_columns(batch, given)
    was = batch.state
    move(actor, NATIONAL, batch, "compare", item=item_of(batch), submit_key=submit_key)
    if was == batch.state:
        return batch
    batch.mapping = _save_mapping(actor, batch, given, words or {}, name)
    batch.problem = ""
    batch.save(update_fields=["mapping", "problem"])
    if in_background:
        resolve(COMPARE).using(key=f"members.national:{batch.pk}:{actor.at:%H%M%S%f}").enqueue(batch.pk)
    return batch


def _check_columns(batch: NationalImport, given: Mapping[str, str]) -> None:
    missing = [column for column in rules.NEEDED if column not in given]
    if missing:
        raise BadInput(f"请选一选哪一列是{'、哪一列是'.join(missing)}。", fields=dict.fromkeys(missing, "请选一列"))
    if set(given) - set(rules.COLUMNS) or set(given.values()) - set(batch.headers):
        raise BadInput("列对得不对，请刷新页面再选。")
    twice = [header for header, count in Counter(given.values()).items() if count > 1]
    if twice:
        wrong = {column: "这一列已经选过" for column, header in given.items() if header == twice[0]}
        raise BadInput(f"“{twice[0]}”选了两次，一列只能对一列。", fields=wrong)


def _save_mapping(
    actor: Actor, batch: NationalImport, columns: dict[str, str], words: Mapping[str, Mapping[str, str]], name: str
) -> NationalMapping:
    mark = rules.fingerprint(batch.headers)
    held = NationalMapping.objects.filter(node=batch.node, fingerprint=mark).first() or batch.mapping
    kept = {column: dict(known) for column, known in (held.words if held else {}).items()}
    for column, given in words.items():
        if column in rules.TABLES:
            kept.setdefault(column, {}).update({their[:40]: ours for their, ours in given.items() if ours})
    facts = {
        "name": mask_numbers(name.strip())[:40] or (held.name if held else "全国系统导出"),
        "columns": columns, "words": kept, "user_id": actor.user_id, "saved_at": actor.at,
    }  # fmt: skip
    return NationalMapping.objects.update_or_create(node=batch.node, fingerprint=mark, defaults=facts)[0]


@transaction.atomic
def cancel_national(actor: Actor, batch_id: int, *, submit_key: str = "") -> NationalImport:
    """Give an export up before it was compared. Raises NotFound, Forbidden, Refused."""
    batch = queries.get_national(actor, batch_id)
    move(actor, NATIONAL, batch, "cancel", item=item_of(batch), submit_key=submit_key)
    return batch


@transaction.atomic
def close_national(actor: Actor, batch_id: int, *, submit_key: str = "") -> NationalImport:
    """Be done with a comparison; what is still open stays on its list. Raises NotFound, Forbidden, Refused."""
    batch = queries.get_national(actor, batch_id)
    move(actor, NATIONAL, batch, "close", item=item_of(batch), submit_key=submit_key)
    return batch


# -- the comparison --------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    rows: int = 0
    same: int = 0
    seen: set[int] = field(default_factory=set)
    blinds: set[int] = field(default_factory=set)
    strange: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    settled: set[tuple[str, int]] = field(default_factory=set)
    told: int = 0


def compare_national(actor: Actor, batch_id: int) -> NationalImport:
    """Read the export lot by lot, set number and state on the members met, and keep what differs.

    Memory holds one number for each person and row. A comparison that was cut off starts again; what was settled stays
    settled. What the whole file is refused for stands in `problem`.
    """
    batch = queries.get_national(actor, batch_id)
    if batch.state != "comparing" or batch.mapping is None:
        return batch
    actor.require(rosters.IMPORT, batch.node.path)
    NationalDifference.objects.filter(batch=batch, state=DifferenceState.OPEN).delete()
    found = _Found(settled=queries.list_settled(batch))
    try:
        with bulk.much_to_make():
            _compare_table(actor, batch, found)
            _add_missing(batch, found)
        if not found.rows:
            raise BadInput("表里一行会员也没有，请核对文件。", "national-empty")
    except (SheetRefused, Refused) as refused:
        return fail_comparing(actor, batch.pk, refused.sentence)
    return _finish(actor, batch, found)


def _compare_table(actor: Actor, batch: NationalImport, found: _Found) -> None:
    mapping = batch.mapping
    if mapping is None:
        raise BadInput("还没有对好列。")
    file = list_files(batch).get()
    theirs = {header: column for column, header in mapping.columns.items()}
    table = read_table(get_content(file), file.name, known=tuple(theirs), max_rows=MOST_ROWS, max_columns=MOST_COLUMNS)
    unions = rosters.get_union_refs(batch.node)
    default = UnionRef(batch.node.pk, batch.node.path, False)
    reader = RowReader(timezone.localdate(actor.at), lambda code: unions.get(code), batch.node.path, default)
    rows = ((number, {theirs[header]: text for header, text in cells.items()}) for number, cells in table.rows)
    most = 0 if actor.is_system else int(get_value("members.roster_told", reader.today, batch.node))
    told = 0 if actor.is_system else rosters.count_told(actor)
    while lot := list(islice(rows, LOT_ROWS)):
        _compare_lot(actor, batch, lot, reader, unions, found)
        if not actor.is_system and told + found.told > most:
            raise BadInput(f"一天里已经有{most}多人显示“已在其他工会入会”，先停一停；请上级工会核对。", "roster-told")


def _compare_lot(
    actor: Actor,
    batch: NationalImport,
    lot: Sequence[tuple[int, dict[str, str]]],
    reader: RowReader,
    unions: Mapping[str, UnionRef],
    found: _Found,
) -> None:
    read: list[NationalRow] = []
    made: list[NationalDifference] = []
    for number, cells in lot:
        try:
            read.append(_read(number, cells, batch, reader, unions, found))
        except Wrong as wrong:
            made.append(_unread(batch, number, cells, wrong.sentence))
    found.rows += len(lot)
    judged = {each.row.number: each for each in judge_rows([each.row for each in read], batch.node.path)}
    told = [each.row.blind for each in judged.values() if each.verdict.code == ELSEWHERE]
    for each in read:
        made += _difference(batch, each, judged[each.row.number], found)
    with transaction.atomic():
        NationalDifference.objects.bulk_create(made, batch_size=1000)
        _mark(read, judged)
        if told:
            note_probes(actor, told)
            found.told += len(told)
            NationalImport.objects.filter(pk=batch.pk).update(told_count=F("told_count") + len(told))


def _read(
    number: int,
    cells: dict[str, str],
    batch: NationalImport,
    reader: RowReader,
    unions: Mapping[str, UnionRef],
    found: _Found,
) -> NationalRow:
    """One row in our words. A union that we do not know by its code is left open: national codes may differ."""
    mapping = batch.mapping.words if batch.mapping else {}
    for column, words in mapping.items():
        if (given := cells.get(column, "")) in words:
            cells[column] = words[given]
    for column in rules.TABLES:
        if rules.strange_word(column, cells.get(column, "")):
            found.strange[column][cells[column][:40]] += 1
            cells[column] = ""
    union = unions.get(normal(cells.get(UNION, "")))
    has_union = union is not None and not union.is_closed
    cells[UNION] = cells.get(UNION, "") if has_union else ""
    row = reader.read(number, cells)
    key = int(row.blind[:15], 16)
    if key in found.blinds:
        raise Wrong([("doubled", "这个证件号码在表里出现了两次，只看前面一行")])
    found.blinds.add(key)
    state = cells.get(rules.STATE, "")
    return NationalRow(
        row, has_union or batch.node.level in ("grassroots", "group", "village"),
        cells.get(rules.NUMBER, "").strip()[:32], rules.STATES.find(state) or "" if state else "entered",
    )  # fmt: skip


def _unread(batch: NationalImport, number: int, cells: Mapping[str, str], sentence: str) -> NationalDifference:
    shown = {
        "name": mask_name(cells.get(NAME, "")),
        "document": mask_document(cells.get(DOCUMENT, "")),
        "note": mask_numbers(sentence),
    }
    return NationalDifference(batch=batch, node=batch.node, kind=DifferenceKind.UNREAD, number=number, shown=shown)


def _difference(
    batch: NationalImport, read: NationalRow, judged: Judged, found: _Found
) -> Iterator[NationalDifference]:
    row, known, verdict = judged
    is_member = known is not None and known.membership_id is not None
    if known and is_member and verdict.code != ELSEWHERE:
        found.seen.add(known.person_id)
    fields = rules.differing(verdict) if is_member else []
    if not read.has_union:
        fields = [key for key in fields if key != "union"]
    if is_member and verdict.code != ELSEWHERE and not fields:
        found.same += 1
        return
    kind = DifferenceKind.DIFFERS if fields else DifferenceKind.THERE
    person_id = known.person_id if known and verdict.code != ELSEWHERE else None
    if (kind, person_id or row.number) in found.settled:
        return
    note = verdict.sentence if verdict.outcome is Outcome.REFUSED and verdict.code == ELSEWHERE else ""
    shown = {"name": mask_name(row.name), "document": mask_document(row.document), "note": note}
    node_id = known.node_id if known and fields else row.node_id
    yield NationalDifference(
        batch=batch, node_id=node_id, kind=kind, number=row.number, person_id=person_id, fields=fields, shown=shown,
        row_sealed=crypto.seal(json.dumps(read, ensure_ascii=False), field=sealed.NATIONAL),
    )  # fmt: skip


def _mark(read: Sequence[NationalRow], judged: Mapping[int, Judged]) -> None:
    """Put number and state of the national register on the members met."""
    met = {}
    for each in read:
        known, verdict = judged[each.row.number].known, judged[each.row.number].verdict
        if known is not None and verdict.code != ELSEWHERE:
            met[known.person_id] = (each.national_no, each.national_state)
    held = queries.find_national_marks(sorted(met))
    changed = [
        (number or held[pk][0], state or held[pk][1], pk)
        for pk, (number, state) in sorted(met.items())
        if (number or held[pk][0], state or held[pk][1]) != held[pk]
    ]
    bulk.update(Person, ("national_no", "national_state"), changed)


def _add_missing(batch: NationalImport, found: _Found) -> None:
    """Members of the branch whom the export does not name."""
    rows = (
        NationalDifference(batch=batch, node_id=node_id, kind=DifferenceKind.HERE, person_id=person_id)
        for person_id, node_id in queries.list_standing_of(batch.node)
        if person_id not in found.seen and (DifferenceKind.HERE, person_id) not in found.settled
    )
    while lot := list(islice(rows, LOT_ROWS)):
        NationalDifference.objects.bulk_create(lot, batch_size=1000)


@transaction.atomic
def _finish(actor: Actor, batch: NationalImport, found: _Found) -> NationalImport:
    batch.row_count, batch.same_count, batch.compared_at = found.rows, found.same, actor.at
    batch.strange = {
        column: [word for word, _ in words.most_common(STRANGE)] for column, words in found.strange.items()
    }
    batch.save(update_fields=["row_count", "same_count", "compared_at", "strange"])
    record(
        actor, "members.national.compared", node=batch.node, about=batch,
        summary=f"核对全国系统导出表{found.rows}行，{found.same}行两边一样", data={"count": found.rows, "same": found.same},
    )  # fmt: skip
    move(
        Actor.system("comparison with the national register", actor.at), NATIONAL, batch, "finish", item=item_of(batch)
    )
    return batch


@transaction.atomic
def fail_comparing(actor: Actor, batch_id: int, sentence: str) -> NationalImport:
    """Say on the export why it could not be compared; nothing is left of the attempt."""
    batch = NationalImport.objects.select_for_update(of=("self",)).select_related("node").get(pk=batch_id)
    if batch.state != "comparing":
        return batch
    NationalDifference.objects.filter(batch=batch, state=DifferenceState.OPEN).delete()
    batch.problem = mask_numbers(sentence)[:300]
    batch.save(update_fields=["problem"])
    move(
        Actor.system("comparison with the national register", actor.at), NATIONAL, batch, "refuse", item=item_of(batch)
    )
    return batch

"""How exports of the national register look: the list, the matching of columns, the differences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unionhome.core.members.models import NationalImport
from unionhome.core.members.queries.national import DifferenceRow
from unionhome.core.members.rules import national as rules
from unionhome.core.members.rules.national import Act, DifferenceKind, DifferenceState
from unionhome.core.members.workflow import NATIONAL
from unionhome.core.registry import Actor, State
from unionhome.core.workflow.queries import NextStep, list_next_steps

DIFFERENCE_HEADERS = (
    "原表行号",
    "哪一种",
    "姓名",
    "证件号码",
    "所在工会",
    "不一样的项目",
    "我们的",
    "全国系统的",
    "处理",
    "原因",
)
TONES = {DifferenceKind.DIFFERS: "amber", DifferenceKind.UNREAD: "deep"}


@dataclass(frozen=True, slots=True)
class NationalLine:
    """One export in the list."""

    id: int
    name: str
    where: str
    rows: int
    same: int
    state: State
    at: datetime
    by: str


def national_lines(batches: Iterable[NationalImport]) -> list[NationalLine]:
    """Lines of the list."""
    return [
        NationalLine(
            id=each.pk,
            name=each.name,
            where=each.node.name,
            rows=each.row_count,
            same=each.same_count,
            state=NATIONAL.state(each.state),
            at=each.created_at,
            by=each.user.name if each.user else "系统",
        )
        for each in batches
    ]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of ours: which of theirs fills it, and what stands in that."""

    key: str
    name: str
    chosen: str
    is_needed: bool
    samples: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word that no list of ours knows, and what it may mean."""

    key: str
    column: str
    word: str
    chosen: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """The page on which columns are matched."""

    state: State
    columns: list[ColumnLine]
    words: list[WordLine]
    unused: list[tuple[str, str]]
    name: str
    is_known: bool
    steps: list[NextStep]


def columns_page(actor: Actor, batch: NationalImport, given: Mapping[str, str] | None) -> ColumnsPage:
    """The matching of an export that the caller has scoped: as sent, as saved, or as its header proposes."""
    mapping = batch.mapping
    chosen = dict(mapping.columns) if mapping else rules.propose(batch.headers)
    if given is not None:
        chosen = {name: given.get(f"column-{place}", "") for place, name in enumerate(rules.COLUMNS)}
    words = mapping.words if mapping else {}
    return ColumnsPage(
        state=NATIONAL.state(batch.state),
        columns=[
            ColumnLine(
                key=f"column-{place}",
                name=name,
                chosen=chosen.get(name, ""),
                is_needed=name in rules.NEEDED,
                samples=tuple(batch.samples.get(chosen.get(name, ""), ())),
                fault="",
            )
            for place, name in enumerate(rules.COLUMNS)
        ],
        words=[
            WordLine(f"word-{name}-{place}", name, word, words.get(name, {}).get(word, ""), rules.TABLES[name].choices)
            for name, strange in batch.strange.items()
            for place, word in enumerate(strange)
        ],
        unused=[
            (header, "、".join(batch.samples.get(header, ())))
            for header in batch.headers
            if header not in chosen.values()
        ],
        name=(given or {}).get("name", "") or (mapping.name if mapping else "全国系统导出"),
        is_known=mapping is not None,
        steps=list_next_steps(actor, NATIONAL, batch, {}),
    )


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """Everything beside the rows on the page of a compared export."""

    state: State
    counts: list[dict[str, Any]]
    states: list[dict[str, Any]]
    acts: list[Act]
    steps: list[NextStep]
    strange: int
    open_count: int
    can_settle: bool


def differences_page(
    actor: Actor, batch: NationalImport, asked: Mapping[str, str], counts: Mapping[tuple[str, str], int]
) -> DifferencesPage:
    """The counts of an export that the caller has scoped, as filters, and the acts that the chosen kind allows."""
    kind, state = asked["kind"], asked["state"]
    of_kind = {each: counts.get((each.value, state), 0) for each in DifferenceKind}
    boxes: list[dict[str, Any]] = [
        {"label": "全部", "value": sum(of_kind.values()), "url": f"?state={state}", "active": not kind}
    ]
    boxes += [
        {
            "label": each.label, "value": count, "url": f"?kind={each.value}&state={state}", "active": each.value == kind,
            "tone": TONES.get(each, "ink") if count else "ink",
        }
        for each, count in of_kind.items()
    ]  # fmt: skip
    of_state = {each: sum(n for (_, held), n in counts.items() if held == each.value) for each in DifferenceState}
    is_open = state == DifferenceState.OPEN and batch.state == "compared"
    return DifferencesPage(
        state=NATIONAL.state(batch.state),
        counts=boxes,
        states=[
            {
                "name": f"{each.label} {count}", "url": f"?kind={kind}&state={each.value}", "active": each.value == state,
            }
            for each, count in of_state.items()
            if count or each is DifferenceState.OPEN
        ],
        acts=[act for act in rules.ACTS if not kind or kind in act.kinds],
        steps=list_next_steps(actor, NATIONAL, batch, {}),
        strange=sum(len(words) for words in batch.strange.values()),
        open_count=of_state[DifferenceState.OPEN],
        can_settle=is_open,
    )  # fmt: skip


def difference_cells(lines: Iterable[DifferenceRow]) -> Iterator[tuple[object, ...]]:
    """Lines of differences as cells, one for each fact that differs."""
    for line in lines:
        for pair in line.pairs or (None,):
            yield (
                line.number or "", line.kind.label, line.name, line.document, line.union,
                pair.label if pair else line.note, pair.ours if pair else "", pair.theirs if pair else "",
                line.state.label, line.reason,
            )  # fmt: skip

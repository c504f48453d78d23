"""What becomes of the rows of a sheet, given the register: the tree that would result is judged as a whole. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from unionhome.core.organizations.rules.checks import check_counts, check_parent, check_term
from unionhome.core.organizations.rules.employers import KnownEmployers, name_key
from unionhome.core.organizations.rules.reach import Reach
from unionhome.core.organizations.rules.rows import UnionRow, key_of
from unionhome.core.organizations.rules.sheets import LEVELS, Outcome
from unionhome.core.organizations.rules.words import LEVELS as ORDER
from unionhome.core.registry import BadInput, Forbidden

LOCAL = ("local", "town", "village")
COVERING = ("single", "joint")
FACTS: Mapping[str, str] = {
    "uscc": "统一社会信用代码",
    "workers_count": "职工人数",
    "women_count": "女职工人数",
    "founded_on": "建会日期",
    "approval_no": "批准文号",
    "term_no": "届次",
    "term_starts_on": "本届起",
    "term_ends_on": "本届止",
    "phone": "联系电话",
    "division_code": "行政区划代码",
}
"""Facts of a standing union that a row may change, with their columns."""
EMPLOYER_FACTS: Mapping[str, str] = {
    "employer_name": "单位名称",
    "employer_uscc": "单位统一社会信用代码",
    "nature": "单位性质",
    "industry": "所属行业",
}
LABELS: Mapping[str, str] = {
    **FACTS,
    **EMPLOYER_FACTS,
    "name": "工会名称",
    "parent": "上级工会",
    "chair_name": "主席姓名",
}


class Known(NamedTuple):
    """What the register knows of a union; days in ISO form, "" for nothing."""

    row: UnionRow
    node_id: int
    path: str
    is_closed: bool
    opened_on: str


class Firm(NamedTuple):
    """An employer of the register and the code of the union that organises it."""

    name: str
    union_code: str


@dataclass(frozen=True)
class Register:
    """The register as far as a sheet may touch it: unions by code, and who holds which credit code and employer."""

    unions: Mapping[str, Known]
    usccs: Mapping[str, str]
    firms: KnownEmployers[Firm]
    root: str = ""
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)


class Verdict(NamedTuple):
    """The outcome; why not, where refused; and what changes."""

    outcome: Outcome
    code: str = ""
    sentence: str = ""
    changed: tuple[str, ...] = ()


class _No(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.verdict = Verdict(Outcome.REFUSED, code, sentence)


class Judge:
    """Judges the rows of one sheet together. `branch` is the path the sheet may touch, `reach` how far the actor's
    grants reach at a path."""

    def __init__(
        self, rows: Iterable[UnionRow], register: Register, branch: str, reach: Callable[[str], Reach]
    ) -> None:
        self._register, self._branch, self._reach = register, branch, reach
        self._rows: dict[str, UnionRow] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._names: dict[tuple[str, str], int] = {}
        self._usccs: dict[str, int] = {}
        self._firms: KnownEmployers[int] = KnownEmployers()
        self._roots: list[int] = []
        self.rows = list(rows)
        for row in self.rows:
            first = self._rows.setdefault(row.code, row)
            if first is not row:
                sentence = f"和第{first.number}行的工会编码相同，只收前面一行"
                self._verdicts[row.number] = Verdict(Outcome.REFUSED, "doubled", sentence)

    def verdicts(self) -> dict[int, Verdict]:
        """The verdict of each row by its number."""
        for row in self.rows:
            self._judge(row)
        return self._verdicts

    def _judge(self, row: UnionRow) -> Verdict:
        """Parents first, wherever they stand in the file; whoever has come round to itself stands in a circle."""
        above: list[UnionRow] = []
        at: UnionRow | None = row
        while at is not None and at.number not in self._verdicts:
            above.append(at)
            at = self._rows.get(self._parent_code(at))
            if at is not None and any(at is one for one in above):
                for one in above[above.index(at) :]:
                    self._verdicts[one.number] = Verdict(
                        Outcome.REFUSED, "cycle", "上级工会绕成了圈，请核对上级工会编码"
                    )
                break
        for one in reversed(above):
            if one.number not in self._verdicts:
                self._verdicts[one.number] = self._try(one)
        return self._verdicts[row.number]

    def _try(self, row: UnionRow) -> Verdict:
        try:
            known = self._register.unions.get(row.code)
            verdict = self._judge_new(row) if known is None else self._judge_known(row, known)
        except _No as no:
            return no.verdict
        self._names[self._parent_code(row), row.name] = row.number
        if row.uscc:
            self._usccs[row.uscc] = row.number
        if row.employer_name and row.form in COVERING:
            self._firms.add(key_of(row), row.number)
        return verdict

    def _parent_code(self, row: UnionRow) -> str:
        known = self._register.unions.get(row.code)
        return row.parent_code or (known.row.parent_code if known else "")

    # -- new unions

    def _judge_new(self, row: UnionRow) -> Verdict:
        if row.form == "single" and not row.employer_name:
            raise _No("employer", "独立基层工会要写单位名称")
        self._check_parent(row)
        self._check_free(row)
        self._check_reach_below(row)
        return Verdict(Outcome.NEW)

    def _check_parent(self, row: UnionRow) -> None:
        if row.level == "city":
            return self._check_root(row)
        code = self._parent_code(row)
        if not code:
            raise _No("parent", "没有写上级工会编码")
        parent, known = self._rows.get(code), self._register.unions.get(code)
        if parent is None and known is None:
            raise _No("parent", f"找不到上级工会“{code}”：表里没有，登记里也没有")
        if parent is not None and known is None and self._verdicts[parent.number].outcome is Outcome.REFUSED:
            raise _No("parent", f"上级工会（第{parent.number}行）没有收")
        if known is not None and known.is_closed:
            raise _No("parent", f"上级工会“{known.row.name}”已经撤销")
        above = known.row if known is not None else parent
        if above is not None:
            _check_level(row, above)
        opened = known.opened_on if known is not None else (parent.founded_on if parent else "")
        if row.founded_on and opened and row.founded_on < opened:
            raise _No("founded", f"上级工会{opened}才成立，下级不能早于它")
        return None

    def _check_root(self, row: UnionRow) -> None:
        if row.parent_code:
            raise _No("root", "市总工会没有上级，请把上级工会编码留空")
        if self._register.root and self._register.root != row.code:
            raise _No("root", "系统里已有市总工会，只能有一个")
        if self._roots and self._roots[0] != row.number:
            raise _No("root", f"第{self._roots[0]}行已是市总工会，只能有一个")
        self._roots.append(row.number)

    def _check_free(self, row: UnionRow) -> None:
        """Name, credit code and employer are nobody else's, neither in the register nor further up in the file."""
        key = (self._parent_code(row), row.name)
        if key in self._names:
            raise _No("name-twice", f"和第{self._names[key]}行同名，上级也相同")
        holder = self._register.names.get(key, row.code)
        if holder != row.code and holder not in self._rows:
            raise _No("name-twice", f"上级工会下面已有“{row.name}”，编码是{holder}")
        if row.uscc:
            if row.uscc in self._usccs:
                raise _No("taken", f"和第{self._usccs[row.uscc]}行的统一社会信用代码相同")
            holder = self._register.usccs.get(row.uscc, row.code)
            if holder != row.code:
                raise _No("taken", f"统一社会信用代码已登记给编码是{holder}的工会")
        if row.employer_name:
            self._check_firm(row)

    def _check_firm(self, row: UnionRow) -> None:
        key = key_of(row)
        firm = self._register.firms.find(key)
        if firm is not None and name_key(firm.name) != name_key(row.employer_name):
            raise _No("employer", f"单位代码已登记为“{firm.name}”，请核对名称或代码")
        if row.form not in COVERING:
            return
        if (first := self._firms.find(key)) is not None:
            raise _No("employer", f"“{row.employer_name}”在第{first}行已经写过")
        if firm is not None and firm.union_code not in ("", row.code):
            raise _No("employer", f"“{row.employer_name}”已由编码是{firm.union_code}的工会组建")

    def _check_reach_below(self, row: UnionRow) -> None:
        path = self._standing_path(row)
        if not path.startswith(self._branch):
            raise _No("branch", "上级工会不在您的工会范围")
        self._check_reach(lambda: self._reach(path + "~").check())

    def _standing_path(self, row: UnionRow) -> str:
        """The path of the nearest union above the row that stands already."""
        at: UnionRow | None = row
        while at is not None:
            code = self._parent_code(at)
            known = self._register.unions.get(code)
            if known is not None:
                return known.path
            at = self._rows.get(code)
        return self._branch

    def _check_reach(self, check: Callable[[], Any]) -> None:
        try:
            check()
        except Forbidden as refused:
            raise _No("reach", refused.sentence) from refused

    # -- standing unions

    def _judge_known(self, row: UnionRow, known: Known) -> Verdict:
        if not known.path.startswith(self._branch):
            raise _No("branch", "这个工会不在您的工会范围")
        if known.is_closed:
            return _judge_closed(row, known)
        self._check_fixed(row, known.row)
        is_moved = bool(row.parent_code) and row.parent_code != known.row.parent_code
        self._check_standing_parent(row, is_moved=is_moved)
        self._check_free(row)
        changed = _changes(row, known.row)
        _check_whole(row, known, changed)
        if not changed and not is_moved:
            return Verdict(Outcome.UNCHANGED)
        fields = [name for name in changed if name in FACTS] if set(changed) <= set(FACTS) else []
        self._check_reach(lambda: self._reach(known.path).check(() if is_moved else fields))
        if is_moved:
            self._check_reach_below(row)
            return Verdict(Outcome.MOVED, changed=("parent", *changed))
        return Verdict(Outcome.CHANGED, changed=tuple(changed))

    def _check_fixed(self, row: UnionRow, held: UnionRow) -> None:
        if (row.level, row.form) != (held.level, held.form):
            raise _No("fixed", "层级、类型和登记的不同，不能用表改")
        if held.employer_name and row.employer_name and held.employer_name != row.employer_name:
            raise _No("employer", f"登记的单位是“{held.employer_name}”，换单位请到工会页面办理")
        if held.employer_uscc and row.employer_uscc and held.employer_uscc != row.employer_uscc:
            raise _No("employer", "单位代码和登记的不同，请到单位页面更正")
        if row.form in LOCAL and row.division_code != held.division_code:
            raise _No("division", "地方工会的所在地随行政区划，不能用表改")

    def _check_standing_parent(self, row: UnionRow, *, is_moved: bool) -> None:
        if row.level == "city":
            return self._check_root(row)
        above = self._register.unions.get(self._parent_code(row))
        if row.founded_on and above is not None and row.founded_on < above.opened_on:
            raise _No("founded", f"上级工会{above.opened_on}才成立，下级不能早于它")
        if not is_moved:
            return None
        if row.form in LOCAL:
            raise _No("parent", "地方工会的上级随行政区划，不能单独移动")
        self._check_parent(row)
        if self._comes_round(row):
            raise _No("cycle", "不能把工会移到它自己或它的下级下面")
        return None

    def _comes_round(self, row: UnionRow) -> bool:
        """Whether the union would stand beneath itself in the tree that results."""
        code, seen = row.parent_code, {row.code}
        while code and code not in seen:
            seen.add(code)
            above, known = self._rows.get(code), self._register.unions.get(code)
            verdict = self._verdicts.get(above.number) if above else None
            if above and not (verdict and verdict.outcome is Outcome.REFUSED):
                code = self._parent_code(above)
            else:
                code = known.row.parent_code if known else ""
        return bool(code)


def _check_level(row: UnionRow, parent: UnionRow) -> None:
    """Federations stand under higher federations; the rest as `check_parent` says."""
    if row.form in LOCAL:
        if parent.form not in LOCAL:
            raise _No("parent", "地方工会的上级应是上一级地方工会")
        if ORDER.index(parent.level) >= ORDER.index(row.level):
            raise _No("parent", f"上级“{parent.name}”是{LEVELS[parent.level]}级，不能在{LEVELS[row.level]}级工会上面")
        return
    try:
        check_parent(row.form, parent.level, "active")
    except BadInput as refused:
        raise _No("parent", refused.sentence.rstrip("。")) from refused


def _changes(row: UnionRow, held: UnionRow) -> list[str]:
    """What the row gives and the register has otherwise. What the row leaves empty stays."""
    of_employer = EMPLOYER_FACTS if row.employer_name or held.employer_name else ()
    names = ("name", *FACTS, *of_employer, "chair_name")
    return [name for name in names if getattr(row, name) not in ("", None, getattr(held, name))]


def _judge_closed(row: UnionRow, known: Known) -> Verdict:
    """A union that was dissolved stays as it was."""
    if _changes(row, known.row) or row.parent_code not in ("", known.row.parent_code):
        raise _No("closed", "这个工会已经撤销，不再变更")
    return Verdict(Outcome.UNCHANGED)


def _check_whole(row: UnionRow, known: Known, changed: list[str]) -> None:
    """What the row and the register tell only together. A founding day may be corrected to an earlier one here; a
    later one may lie behind what happened since."""
    given = {name: getattr(row, name) for name in changed}
    whole = known.row._replace(**given)
    try:
        check_term(_day(whole.term_starts_on), _day(whole.term_ends_on), None)
        check_counts(whole.workers_count, whole.women_count)
    except BadInput as refused:
        raise _No(refused.code, refused.sentence.rstrip("。")) from refused
    if "founded_on" in changed and row.founded_on > known.opened_on:
        raise _No("founded", f"登记的建会日期是{known.opened_on}，改成更晚的请到工会页面办理")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def label_of_change(name: str) -> str:
    """A changed fact in words."""
    return LABELS[name]

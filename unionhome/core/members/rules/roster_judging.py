"""What becomes of a roster's row, given what the register knows of its document. Pure: the same for check and entry."""

from collections.abc import Mapping
from typing import NamedTuple

from unionhome.core.members.rules import joining
from unionhome.core.members.rules.codes import Entry, Outcome, Status
from unionhome.core.members.rules.facts import BY_KEY
from unionhome.core.members.rules.roster import (
    CARD_TAKEN,
    ELSEWHERE,
    FACTS,
    MERGED,
    NAME_DIFFERS,
    SENTENCES,
    TRANSFERRING,
    RosterRow,
)


class Known(NamedTuple):
    """What the register knows of a document: the person and, where one stands, the membership. "" for nothing."""

    person_id: int
    name: str
    phone_index: str
    birth: str
    sex: str
    facts: list[str]
    sources: Mapping[str, list[str]]
    membership_id: int | None
    node_id: int
    path: str
    status: str
    employer: str
    post: str
    joined: str
    card_no: str
    note: str
    entry: str = Entry.JOINED
    counted: str = ""

    @property
    def has_own_first_day(self) -> bool:
        """Whether the membership began in another way than by joining: a roster tells of the joining only."""
        return self.entry != Entry.JOINED


class Verdict(NamedTuple):
    """The outcome; why not, where refused; and which facts change."""

    outcome: Outcome
    code: str = ""
    sentence: str = ""
    changed: tuple[str, ...] = ()


_NEW, _UNCHANGED = Verdict(Outcome.NEW), Verdict(Outcome.UNCHANGED)


def refuse(code: str) -> Verdict:
    """A refusal whose reason lies in the register, not in the row."""
    return Verdict(Outcome.REFUSED, code, joining.ELSEWHERE if code == ELSEWHERE else SENTENCES[code])


def judge(row: RosterRow, known: Known | None, branch: str) -> Verdict:
    """Of a member outside the branch nothing is told but 已在其他工会入会, whatever else may be wrong."""
    if known is None:
        return _NEW
    if known.membership_id is not None and not known.path.startswith(branch):
        return refuse(ELSEWHERE)
    if known.name != row.name:
        return refuse(NAME_DIFFERS)
    if known.membership_id is None:
        return Verdict(Outcome.NEW, changed=tuple(_changed_facts(row, known)))
    if known.status == Status.TRANSFERRING:
        return refuse(TRANSFERRING)
    if known.node_id != row.node_id:
        return Verdict(Outcome.MOVED, changed=tuple(_changed_facts(row, known)))
    changed = (*_changed_facts(row, known), *_changed_membership(row, known))
    return Verdict(Outcome.CHANGED, changed=changed) if changed else _UNCHANGED


def _changed_facts(row: RosterRow, known: Known) -> list[str]:
    """Facts that the roster gives and the register has otherwise. What the roster leaves empty stays."""
    changed = [fact for fact, given, held in zip(FACTS, row.facts, known.facts, strict=True) if given and given != held]
    for name, given, held in (
        ("phone", row.phone_index, known.phone_index),
        ("birth_on", row.birth, known.birth),
        ("sex", row.sex, known.sex),
    ):
        if given and given != held:
            changed.append(name)
    return changed


def _changed_membership(row: RosterRow, known: Known) -> list[str]:
    pairs = (
        ("employer", row.employer, known.employer),
        ("union_post", row.post, known.post),
        ("joined_on", "" if known.has_own_first_day else row.joined, known.joined),
        ("card_no", row.card_no, known.card_no),
        ("note", row.note, known.note),
    )
    return [name for name, given, held in pairs if given and given != held]


MEMBERSHIP_LABELS: Mapping[str, str] = {
    "employer": "工作单位",
    "union_post": "工会职务",
    "joined_on": "入会日期",
    "card_no": "会员卡号",
    "note": "备注",
}


def label_of_change(key: str) -> str:
    """A changed fact in words."""
    return BY_KEY[key].label if key in BY_KEY else MEMBERSHIP_LABELS[key]


REASON_LABELS: Mapping[str, str] = {
    "name": "姓名没有写或写法不对",
    "identity.check": "身份证号码校验不对",
    "identity.birth": "身份证号码里的出生日期不存在",
    "identity.future": "身份证号码里的出生日期还没到",
    "identity.old": "15位的老身份证号码",
    "identity.length": "身份证号码位数不对",
    "identity.form": "身份证号码写法不对",
    "identity.number_cell": "身份证号码被表格当成了数字",
    "identity.empty": "没有写证件号码",
    "document.empty": "没有写证件号码",
    "document.form": "证件号码写法不对",
    "document.kind": "证件类型不认识",
    "mobile.form": "手机号码不对",
    "sex": "性别和证件号码不符",
    "birth": "出生日期不对或和证件号码不符",
    "age": "不满16周岁",
    "joined": "入会日期不对",
    "joined-later": "入会日期在今天以后",
    "union": "工会组织代码不对或不在您的范围",
    "card": "会员卡号写法不对",
    "long": "写得太长",
    "doubled": "名册里重复",
    ELSEWHERE: joining.ELSEWHERE,
    NAME_DIFFERS: "姓名和证件号码对不上",
    TRANSFERRING: "会籍正在转接",
    CARD_TAKEN: "会员卡号重复",
    MERGED: "两行是同一个人",
}
"""Reasons in short, for counts."""


def reason_label(code: str) -> str:
    """The short words of a reason."""
    return f"{code.removeprefix('code-')}不认识" if code.startswith("code-") else REASON_LABELS.get(code, "其他原因")

"""The facts of a file: their names, what each looks like masked, what may be corrected and how it is checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from unionhome.core.members.rules import joining
from unionhome.core.members.rules.codes import (
    EmploymentForm,
    EmploymentState,
    HouseholdKind,
    Part,
    Source,
    WorkGroup,
)
from unionhome.core.registry import BadInput
from unionhome.kit import codes

Choices = Sequence[tuple[str, str]]
YES_NO = (("yes", "是"), ("no", "不是"))
LONGEST_ADDRESS = 120


@dataclass(frozen=True, slots=True)
class FactRow:
    """One line of a file as a page shows it.

    `part` names what opens it, "" where nothing is covered; `masked` is what a value just opened goes back to.
    """

    key: str
    label: str
    value: str
    source: str
    on: date
    part: str = ""
    masked: str = ""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its Chinese name, the part that opens it and the choices it is picked from."""

    key: str
    label: str
    part: str = ""
    choices: Choices = ()
    can_correct: bool = True


FACTS: tuple[FactSpec, ...] = (
    FactSpec("name", "姓名", Part.NAME),
    FactSpec("document", "证件号码", Part.DOCUMENT, can_correct=False),
    FactSpec("phone", "手机号码", Part.PHONE),
    FactSpec("birth_on", "出生日期", Part.BIRTH, can_correct=False),
    FactSpec("sex", "性别", choices=codes.SEX.choices, can_correct=False),
    FactSpec("ethnicity", "民族", choices=codes.ETHNIC_GROUPS.choices),
    FactSpec("group", "职业群体", choices=WorkGroup.choices),
    FactSpec("employment_state", "就业状态", choices=EmploymentState.choices),
    FactSpec("employment_form", "用工形式", choices=EmploymentForm.choices),
    FactSpec("is_migrant", "农民工", choices=YES_NO),
    FactSpec("skill_level", "技能等级", choices=codes.SKILL_LEVELS.choices),
    FactSpec("education", "学历", choices=codes.EDUCATION.choices),
    FactSpec("degree", "学位", choices=codes.DEGREES.choices),
    FactSpec("political", "政治面貌", choices=codes.POLITICAL.choices),
    FactSpec("household_kind", "户籍", choices=HouseholdKind.choices),
    FactSpec("address", "住址", Part.ADDRESS),
)
BY_KEY: Mapping[str, FactSpec] = {spec.key: spec for spec in FACTS}
CORRECTABLE = tuple(spec for spec in FACTS if spec.can_correct)


def _label_of(key: str, value: str) -> str:
    """The words for a stored value."""
    return dict(BY_KEY[key].choices).get(value, value)


MASKS: Mapping[str, Callable[[str], str]] = {
    "name": codes.mask_name,
    "document": codes.mask_document,
    "phone": codes.mask_phone,
    "birth_on": lambda text: text[:2] + "**-**-**",
    "address": lambda text: text[: min(6, len(text) // 3)] + "*" * 6,
}


def show(key: str, value: str, *, masked: bool) -> str:
    """A fact as text: masked, or in clear words. Empty facts say so."""
    if not value:
        return "没有登记"
    if masked and key in MASKS:
        return MASKS[key](value)
    return _label_of(key, value)


def source_of(key: str, source: str, source_on: date, sources: Mapping[str, list[str]]) -> tuple[str, date]:
    """Where a fact comes from, in words, and since when."""
    own = sources.get(key)
    if own:
        return Source(own[0]).label, date.fromisoformat(own[1])
    return Source(source).label, source_on


def clean(key: str, value: str, today: date) -> str:
    """The value a correction may store. Raises BadInput with the sentence for the field `value`."""
    if key not in BY_KEY or not BY_KEY[key].can_correct:
        raise BadInput("这一项不能在这里改，请带证件到工会窗口。")
    text = value.strip()
    sentence = _fault(key, text)
    if sentence:
        raise BadInput(sentence, fields={"value": sentence})
    return codes.parse_mobile(text) if key == "phone" else text


def _fault(key: str, text: str) -> str | None:
    if not text:
        return f"请填写正确的{BY_KEY[key].label}"
    if key == "name":
        return joining.name_fault(text)
    if key == "phone":
        try:
            codes.parse_mobile(text)
        except codes.CodeError as error:
            return error.sentence
    elif key == "address":
        if len(text) > LONGEST_ADDRESS:
            return f"住址最多{LONGEST_ADDRESS}个字"
    elif text not in dict(BY_KEY[key].choices):
        return "选项里没有这一项，请重新选"
    return None

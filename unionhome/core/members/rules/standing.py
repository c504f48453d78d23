"""What may become of a membership, and when not. Sources: 中国工会章程, 工会会员会籍管理办法 (2016).

A change holds from the day on which it is recorded, so that the numbers of earlier days stay what they were; the day
of what happened (a retirement, a death, a decision) stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import TextChoices

from unionhome.core.members.rules.codes import EmploymentState, Status
from unionhome.core.registry import BadInput

LONGEST_TEXT = 200


class TransferReason(TextChoices):
    """Why a membership goes elsewhere: it follows the labour relation."""

    EMPLOYER = "employer", "换了工作单位"
    PLACE = "place", "换了干活的地方"
    NEW_UNION = "new_union", "新单位成立了工会"
    ENDED = "ended", "原单位终止"
    OTHER = "other", "其他"


class TransferOrigin(TextChoices):
    """Who asked for a transfer."""

    WORKER = "worker", "本人提出"
    OLD_UNION = "old_union", "转出工会提出"
    NEW_UNION = "new_union", "转入工会提出"
    ROSTER = "roster", "名册导入时提出"


class RetainReason(TextChoices):
    """Why a membership is retained (保留会籍): no dues while it is."""

    RETIRED = "retired", "退休"
    UNEMPLOYED = "unemployed", "失业"
    ENDED = "ended", "原单位终止，还没有新单位"


EMPLOYMENT_AFTER: Mapping[str, str] = {
    RetainReason.RETIRED: EmploymentState.RETIRED,
    RetainReason.UNEMPLOYED: EmploymentState.UNEMPLOYED,
}
"""What a reason to retain says of the employment."""


class DeathProof(TextChoices):
    """On what a death is recorded."""

    CERTIFICATE = "certificate", "死亡证明"
    HOUSEHOLD = "household", "户口注销证明"
    FAMILY = "family", "家属告知，已核实"
    EMPLOYER = "employer", "单位报告，已核实"


class ExpulsionGround(TextChoices):
    """The only ground of expulsion that the charter knows."""

    CRIME = "crime", "严重违法犯罪并受到刑事处罚"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which steps are open to a member now."""

    status: str
    transfer_open: bool = False
    expulsion_open: bool = False
    leaving_open: bool = False


@dataclass(frozen=True, slots=True)
class TransferInput:
    """What is said of a transfer: why, and the new employer or place."""

    why: str
    employer_text: str = ""
    employer_id: int | None = None
    division_code: str = ""
    note: str = ""


def check_transfer(given: TransferInput, *, needs_place: bool = True) -> TransferInput:
    """The clean input. Raises BadInput that names every wrong field at once."""
    wrong: dict[str, str] = {}
    if given.why not in TransferReason.values:
        wrong["why"] = "请选一项"
    if needs_place and not (given.employer_id or given.employer_text.strip() or given.division_code):
        wrong["employer_text"] = "请写新的工作单位；没有固定单位的，选下面干活的地方"
    if len(given.note.strip()) > LONGEST_TEXT:
        wrong["note"] = f"最多{LONGEST_TEXT}个字"
    if wrong:
        raise BadInput("有几项要改一下，您填写的都还在。", fields=wrong)
    return replace(given, employer_text=given.employer_text.strip(), note=given.note.strip())


STEPS = ("transfer", "retain", "resume", "expel", "record_death")


def step_fault(step: str, standing: Standing) -> str | None:
    """Why a step cannot be taken now, as a sentence, or None."""
    if standing.status not in (Status.ACTIVE, Status.TRANSFERRING, Status.RETAINED):
        return "这个人现在不在会，会籍没有可办的。"
    if step == "record_death":
        return None
    if standing.transfer_open:
        return "会籍正在转接，先等转接办完，或者请本人撤回。"
    if standing.expulsion_open:
        return "除名正在办理，先办完或者停办。"
    if standing.leaving_open and step in ("transfer", "retain", "resume"):
        return "本人申请了退会，先办退会。"
    if step == "resume":
        return None if standing.status == Status.RETAINED else "现在在会，不用恢复。"
    if step == "retain" and standing.status == Status.RETAINED:
        return "现在已经是保留会籍。"
    return None


def check_day(day: date | None, *, since: date | None, today: date, field: str = "on") -> date:
    """A day of something that has happened. Raises BadInput at the field."""
    sentence = ""
    if day is None:
        sentence = "请填日期"
    elif day > today:
        sentence = "日期还没有到，等办了再记"
    elif since is not None and day < since:
        sentence = f"日期不能早于{since:%Y-%m-%d}"
    if sentence or day is None:
        raise BadInput("日期要改一下，您填写的都还在。", fields={field: sentence})
    return day


def check_choice(value: str, choices: type[TextChoices], field: str) -> str:
    """One of a list. Raises BadInput at the field."""
    if value not in choices.values:
        raise BadInput("请选一项。", fields={field: "请选一项"})
    return value


def check_text(text: str, field: str, *, needed: str = "", longest: int = LONGEST_TEXT) -> str:
    """A clean text. Raises BadInput at the field where it is too long, or empty and `needed` says what to write."""
    text = " ".join(text.replace("\0", "").split())
    if needed and not text:
        raise BadInput(f"{needed}。", fields={field: needed})
    if len(text) > longest:
        sentence = f"最多{longest}个字，现在有{len(text)}个字"
        raise BadInput(f"{sentence}。", fields={field: sentence})
    return text

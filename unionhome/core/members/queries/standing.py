"""Where a member stands: which changes are open now, the history with every change, expulsions under way."""

from collections.abc import Iterable
from dataclasses import dataclass

from unionhome.core.files.models import SealedFile
from unionhome.core.files.queries import list_files
from unionhome.core.members.models import Expulsion, Leaving, Membership, Person, Transfer
from unionhome.core.members.models.transfers import OPEN_EXPULSION, OPEN_TRANSFER
from unionhome.core.members.queries.files import get_shown_name, list_memberships
from unionhome.core.members.rules.codes import STANDING, Status
from unionhome.core.members.rules.standing import STEPS, Standing, step_fault
from unionhome.core.members.workflow import EXPULSION
from unionhome.core.registry import Actor, NotFound, State
from unionhome.core.tree.queries import scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps

VIEW = "members.view"
PERMISSIONS = {
    "transfer": "members.release",
    "retain": "members.retain",
    "resume": "members.retain",
    "expel": "members.expel",
    "record_death": "members.record_death",
}
NOT_YOURS = "您的岗位没有办这件事的权限。"


def get_standing(person: Person, membership: Membership | None) -> Standing:
    """What decides which steps are open. The caller has scoped the person."""
    return Standing(
        status=membership.status if membership else "",
        transfer_open=Transfer.objects.filter(person=person, state__in=OPEN_TRANSFER).exists(),
        expulsion_open=Expulsion.objects.filter(person=person, state__in=OPEN_EXPULSION).exists(),
        leaving_open=Leaving.objects.filter(person=person, state="submitted").exists(),
    )


@dataclass(frozen=True, slots=True)
class MemberStep:
    """A change that a union may record for a member, with the reason where it is not open now."""

    name: str
    reason: str

    @property
    def is_open(self) -> bool:
        return not self.reason


def list_member_steps(actor: Actor, person: Person, membership: Membership | None) -> list[MemberStep]:
    """Every change in its place, for the page of a person the caller has scoped."""
    standing = get_standing(person, membership)
    return [MemberStep(step, _fault(actor, person, step, standing)) for step in STEPS if _fits(step, standing)]


def _fits(step: str, standing: Standing) -> bool:
    """Of retaining and coming back one is shown."""
    retained = standing.status == Status.RETAINED
    return not (step == "retain" and retained) and not (step == "resume" and not retained)


def _fault(actor: Actor, person: Person, step: str, standing: Standing) -> str:
    if not actor.may(PERMISSIONS[step], person.node.path):
        return NOT_YOURS
    return step_fault(step, standing) or ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One membership of the history, in words."""

    union: str
    began: str
    ended: str
    employer: str
    is_standing: bool
    is_retained: bool


def list_stays(person: Person) -> list[Stay]:
    """Where and how the person was a member, newest first. The caller has scoped the person."""
    return [_stay(row) for row in list_memberships(person)]


def _stay(row: Membership) -> Stay:
    ended = f"{row.left_on:%Y-%m-%d} {row.get_status_display()}" if row.left_on else ""
    return Stay(
        union=row.node.name,
        began=f"{row.joined_on:%Y-%m-%d} {row.get_entry_display()}",
        ended=f"{ended}（{row.reason}）" if ended and row.reason else ended,
        employer=row.employer.name if row.employer else row.employer_text,
        is_standing=row.status in STANDING,
        is_retained=row.status == Status.RETAINED,
    )


def find_open_transfer(person: Person) -> Transfer | None:
    """The transfer under way of a person the caller has scoped."""
    rows = Transfer.objects.select_related("from_node", "to_node", "node")
    return rows.filter(person=person, state__in=OPEN_TRANSFER).first()


def find_open_expulsion(person: Person) -> Expulsion | None:
    """The expulsion under way of a person the caller has scoped."""
    return Expulsion.objects.filter(person=person, state__in=OPEN_EXPULSION).first()


def get_expulsion(actor: Actor, pk: int) -> Expulsion:
    """An expulsion of a member of the actor's branches. Raises NotFound."""
    rows = scope(Expulsion.objects.select_related("person__node", "membership", "union", "node"), actor, VIEW)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class ExpulsionPage:
    """An expulsion with its decision, history and next steps."""

    name: str
    state: State
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    files: tuple[SealedFile, ...]


def get_expulsion_page(actor: Actor, row: Expulsion) -> ExpulsionPage:
    """The page of an expulsion the caller has scoped."""
    facts = {"is_standing": row.membership.status in STANDING}
    return ExpulsionPage(
        name=get_shown_name(actor, row.person),
        state=EXPULSION.state(row.state),
        steps=tuple(list_steps(row)),
        next_steps=tuple(list_next_steps(actor, EXPULSION, row, facts)),
        files=tuple(_scans(row)),
    )


def _scans(row: Expulsion) -> Iterable[SealedFile]:
    return list_files(row)


def get_scan(row: Expulsion, file_id: int) -> SealedFile:
    """One file of an expulsion the caller has scoped. Raises NotFound."""
    found = next((each for each in list_files(row) if each.pk == file_id), None)
    if found is None:
        raise NotFound()
    return found

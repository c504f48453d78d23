"""Taking over a matter that another system hands over by Open311."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from unionhome.core.cases import queries
from unionhome.core.cases.actions.opening import Upload
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import OUTSIDE_KEY_FIELD, PHONE_FIELD
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import Actor, NotFound, Refused, resolve
from unionhome.kit import crypto


@dataclass(frozen=True, slots=True)
class Outside:
    """What another system hands over, for the `receiver` of the kind. `point` is "latitude,longitude" in degrees.

    `submit_key` is the sender's own word for this one act; whoever sends it again gets the same case.
    """

    category: str
    text: str
    phone: str = ""
    name: str = ""
    hide_from_employer: bool = True
    employer: Employer | None = None
    employer_text: str = ""
    division: Division | None = None
    place_text: str = ""
    point: str = ""
    uploads: Sequence[Upload] = field(default=())
    submit_key: str = ""


def receive_case(actor: Actor, outside: Outside) -> tuple[Case, str]:
    """Open the case through the service that has the category: the case and its receipt code. A repeat returns the same.

    Raises Forbidden without cases.receive, NotFound for a category that no service takes from outside, Refused where
    the key was used for something else, and what the service itself refuses.
    """
    actor.require("cases.receive")
    kind = queries.find_kind_of(outside.category)
    if kind is None:
        raise NotFound("没有这个 service_code，能用的见 services。")
    earlier = queries.find_case_by_submit(outside.submit_key)
    if earlier is not None and _words_of(earlier) != (
        outside.category,
        outside.text.strip(),
        outside.phone,
        outside.name.strip(),
    ):
        raise Refused("这个 Idempotency-Key 已经用在别的一件上，请换一个。", "key-used")
    case, receipt = resolve(kind.receiver)(actor, outside)
    return case, receipt


def _words_of(case: Case) -> tuple[str, str, str, str]:
    """What another key's act would have said otherwise."""
    phone = queries.get_text(case.phone_sealed, PHONE_FIELD)
    return case.category, queries.get_body(case), phone, case.applicant_name


def key_of(actor: Actor, words: Sequence[str]) -> str:
    """The submit key of what an account sends: its own, so that nobody finds another's case by guessing a word."""
    return crypto.blind("\n".join([str(actor.user_id), *words]), field=OUTSIDE_KEY_FIELD)[:32]

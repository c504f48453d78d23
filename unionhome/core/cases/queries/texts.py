"""What is sealed in a case, in clear for a reader who may read it, or masked for a screen. The caller scoped the case."""

from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import BODY_FIELD, OUTCOME_FIELD, PHONE_FIELD
from unionhome.kit import crypto
from unionhome.kit.codes import mask_name, mask_numbers, mask_phone

WORDS_SHOWN = 24
"""So many signs of a matter's first words stand in a list."""


def get_text(sealed: bytes | memoryview | None, field: str) -> str:
    """Sealed text in clear; empty for none."""
    return crypto.open_sealed(bytes(sealed), field=field) if sealed else ""


def get_body(case: Case) -> str:
    """What the applicant wrote. The caller has scoped the case."""
    return get_text(case.body_sealed, BODY_FIELD)


def first_words(text: str) -> str:
    words = " ".join(mask_numbers(text).split())
    return words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"


def get_outcome(case: Case) -> str:
    """How the matter ended, in the handler's words."""
    return get_text(case.outcome_sealed, OUTCOME_FIELD)


def get_masked_phone(case: Case) -> str:
    """The applicant's phone for a screen."""
    return mask_phone(get_text(case.phone_sealed, PHONE_FIELD)) if case.phone_sealed else ""


def get_masked_applicant(case: Case) -> str:
    """The applicant's name for a screen."""
    return mask_name(case.applicant_name) if case.applicant_name else "未留姓名"

"""Entering people, one by one or many, and the facts that stand in their files."""

from unionhome.core.members.actions.register.enrolling import (
    EnrolOutcome,
    EnrolRow,
    enrol_many,
)
from unionhome.core.members.actions.register.facts import (
    accept_correction,
    cancel_correction,
    correct_facts,
    decline_correction,
    release_account,
    request_correction,
)
from unionhome.core.members.actions.register.filling import (
    Prepared,
    fill_register,
    prepared_lots,
)

__all__ = [
    "EnrolOutcome",
    "EnrolRow",
    "Prepared",
    "accept_correction",
    "cancel_correction",
    "correct_facts",
    "decline_correction",
    "enrol_many",
    "fill_register",
    "prepared_lots",
    "release_account",
    "request_correction",
]

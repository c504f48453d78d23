"""Background work of access: forgetting what is no longer needed. Called by the worker's schedule."""

from django.core.management import call_command

from unionhome.core.access import actions
from unionhome.core.registry import Actor

KEEP_SIGN_INS_DAYS = 183
"""Six months: 网络安全法 Art. 21 asks that logs are kept at least so long."""


def tidy(actor: Actor) -> None:
    """Purge used codes, counted tries, old session rows and the expired sessions themselves."""
    actions.purge_codes(actor, days=1)
    actions.purge_attempts(actor, days=1)
    actions.purge_sign_ins(actor, days=KEEP_SIGN_INS_DAYS)
    call_command("clearsessions")

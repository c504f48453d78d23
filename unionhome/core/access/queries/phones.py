"""Numbers by which the people of unions are rung."""

from collections.abc import Iterable

from unionhome.core.access.models import User
from unionhome.core.access.rules import PHONE_FIELD
from unionhome.kit import crypto


def list_phones(users: Iterable[User]) -> dict[int, str]:
    """The verified mobile numbers of accounts that have one, for messages to them; never to be shown."""
    return {
        user.pk: crypto.open_sealed(bytes(user.phone_sealed), field=PHONE_FIELD) for user in users if user.phone_sealed
    }

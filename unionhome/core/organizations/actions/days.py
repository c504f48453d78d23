"""Which days an act of the register may name."""

from datetime import date, timedelta

from django.utils import timezone

from unionhome.core.organizations import rules
from unionhome.core.periods.queries import find_closed, find_last_closed
from unionhome.core.policy.queries import get_values
from unionhome.core.registry import Actor, BadInput

BACK, JANUARY = "organizations.back_days", "organizations.january_days"


def check_day(actor: Actor, on: date, field: str) -> None:
    """No act of the register lies in the future. Raises BadInput at `field`."""
    today = timezone.localdate(actor.at)
    if on > today:
        sentence = f"日期不能晚于今天（{today:%Y-%m-%d}）。"
        raise BadInput(sentence, "future-day", fields={field: sentence})


def check_open_day(actor: Actor, on: date, field: str) -> None:
    """The day of an act that figures follow: not in the future, nor so far back that figures already given would change.

    The product itself (taking over a register, the demo) dates acts back as far as it likes. Raises BadInput at `field`.
    """
    check_day(actor, on, field)
    first = _first_open_day(actor)
    if on < first:
        sentence = (
            f"日期不能早于 {first:%Y-%m-%d}：更早的数字已经上报，不能再改。请填那一天以后的日期，在原因里写明实际日期。"
        )
        raise BadInput(sentence, "closed-day", fields={field: sentence})
    closing = None if actor.is_system else find_closed(actor, on)
    if closing is not None:
        sentence = f"{closing.node.name}{on:%Y-%m-%d} 所在的期间已经封账，请填封账以后的日期，在原因里写明实际日期。"
        raise BadInput(sentence, "period-closed", fields={field: sentence})


def opening_day(actor: Actor, on: date) -> date:
    """From which day something that began on `on` counts: from then, or from the first day after everything closed."""
    last = None if actor.is_system else find_last_closed(actor)
    return max(on, _first_open_day(actor), last + timedelta(days=1) if last else date.min)


def _first_open_day(actor: Actor) -> date:
    """The first day that an act of this actor may name."""
    if actor.is_system:
        return date.min
    today = timezone.localdate(actor.at)
    values = get_values([BACK, JANUARY], today)
    return rules.first_open_day(today, int(values[BACK]), int(values[JANUARY]))

"""Which days an act of the register may name."""

from datetime import date

from django.utils import timezone

from unionhome.core.registry import Actor, BadInput


def check_day(actor: Actor, on: date, field: str) -> None:
    """No act of the register lies in the future. Raises BadInput at `field`."""
    today = timezone.localdate(actor.at)
    if on > today:
        sentence = f"日期不能晚于今天（{today:%Y-%m-%d}）。"
        raise BadInput(sentence, "future-day", fields={field: sentence})

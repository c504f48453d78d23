"""Back to which day an act of the register may be dated."""

from datetime import date, timedelta


def first_open_day(today: date, back_days: int, january_days: int) -> date:
    """The first day an act may name: some days back, and never in a year whose figures are closed.

    The figures of a year close with the grace days of January after it.
    """
    in_grace = today.month == 1 and today.day <= january_days
    opens = date(today.year - 1 if in_grace else today.year, 1, 1)
    return max(today - timedelta(days=back_days), opens)

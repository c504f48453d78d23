"""Setting dated values, entering an announced year, and installing what the product starts from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from unionhome.core.journal.actions import record
from unionhome.core.policy.models import CalendarDay, CalendarYear, PolicyParameter
from unionhome.core.policy.queries import get_policy, list_policies
from unionhome.core.policy.rules import NamedDay, check_days, duty_hours, kind_of, value_text
from unionhome.core.registry import Actor, BadInput, Policy, Refused
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_root
from unionhome.kit.calendars import load_published

FIRST_DAY = date(2000, 1, 1)
FIRST_YEAR, LAST_YEAR = 2015, 2100
INSTALLED_SOURCE = "国务院办公厅节假日安排通知"


def _require_manager(actor: Actor) -> Node | None:
    """Values and calendar are the federation's own decision: the permission counts at the root."""
    root = find_root()
    actor.require("policy.manage", root.path if root else "")
    return root


@transaction.atomic
def set_value(
    actor: Actor,
    key: str,
    value: Any,
    starts_on: date,
    source: str,
    node: Node | None = None,
    *,
    approved_by: str = "",
    note: str = "",
) -> PolicyParameter:
    """Let a value hold from a day on, in a region or everywhere; what held until then ends on that day.

    A value that begins on the same day is replaced if that day is not past yet: a slip can be put right, but what has
    been in force stays on record. Raises Forbidden, and Refused or BadInput with the field it concerns.
    """
    root = _require_manager(actor)
    policy = get_policy(key)
    _check_value(policy, value)
    if not source.strip():
        raise BadInput("请写明依据的文件。", "source-missing", fields={"source": "请写明依据的文件。"})
    rows = list(PolicyParameter.objects.select_for_update().filter(key=key))
    region = [row for row in rows if row.node_id == (node.pk if node else None)]
    before = _clear_start(actor, region, starts_on)
    following = min((row.starts_on for row in region if row.starts_on > starts_on), default=None)
    row = PolicyParameter.objects.create(
        key=key,
        value=value,
        unit=policy.unit,
        node=node,
        starts_on=starts_on,
        ends_on=following,
        source=source.strip()[:200],
        approved_by=approved_by.strip()[:80],
        note=note.strip()[:200],
        set_by=actor.name,
        set_at=actor.at,
    )
    record(
        actor,
        "policy.parameter.set",
        node=node or root,
        about=row,
        summary=f"{policy.label}：{starts_on} 起为 {value_text(value, policy.unit)}"[:300],
        data={"key": key, "old": before, "new": value, "starts_on": str(starts_on), "source": row.source},
    )
    return row


def _check_value(policy: Policy, value: Any) -> None:
    like = kind_of(policy.value, policy.unit)
    if kind_of(value, policy.unit) != like:
        raise BadInput("值的形式和原来的不一样，请照原来的样子填写。", "other-kind", fields={"value": "形式不对。"})
    if like == "hours":
        duty_hours(value)


def _clear_start(actor: Actor, region: list[PolicyParameter], starts_on: date) -> Any:
    """End what holds on the day, or drop what begins on it; the value that held until then."""
    same = next((row for row in region if row.starts_on == starts_on), None)
    if same is not None:
        if starts_on < timezone.localdate(actor.at):
            sentence = f"{starts_on} 起已经有一个执行过的值，不能改写，请换一个开始日期。"
            raise Refused(sentence, "in-force", fields={"starts_on": sentence})
        region.remove(same)
        same.delete()
        return same.value
    held = next(
        (row for row in region if row.starts_on < starts_on and (row.ends_on is None or row.ends_on > starts_on)), None
    )
    if held is None:
        return None
    held.ends_on = starts_on
    held.save(update_fields=["ends_on"])
    return held.value


@transaction.atomic
def set_days(actor: Actor, days: Sequence[NamedDay], source: str) -> CalendarYear:
    """Enter the announced holidays and make-up days of one year; from then on the year is no longer provisional.

    What stood for the year before is replaced. Rooms that keep due moments listen to "policy.calendar.published".
    Raises Forbidden and BadInput.
    """
    root = _require_manager(actor)
    year = check_days(days)
    if not source.strip():
        raise BadInput("请写明通知的文号。", "source-missing", fields={"source": "请写明通知的文号。"})
    row, _ = CalendarYear.objects.select_for_update().get_or_create(year=year, defaults={"source": source})
    row.is_published, row.source = True, source.strip()[:200]
    row.save()
    row.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(year=row, on=day.on, is_working=day.is_working, name=day.name) for day in days
    )
    working = sum(day.is_working for day in days)
    record(
        actor,
        "policy.calendar.published",
        node=root,
        about=row,
        summary=f"公布 {year} 年工作日历：放假 {len(days) - working} 天，调休上班 {working} 天",
        data={"year": year, "source": row.source, "working": [str(day.on) for day in days if day.is_working]},
    )
    return row


def install_defaults(using: str = "default") -> None:
    """After each migrate: add the values that cards declare and nobody set yet, and the announced years that are missing.

    What is there is never changed, so that it can run at every upgrade.
    """
    tables = connections[using].introspection.table_names()
    if PolicyParameter._meta.db_table in tables and CalendarDay._meta.db_table in tables:
        _install_values(using)
        _install_years(using)


def _install_values(using: str) -> None:
    rows = PolicyParameter.objects.using(using)
    known = set(rows.filter(node__isnull=True).values_list("key", flat=True))
    rows.bulk_create(
        [
            PolicyParameter(
                key=policy.key,
                value=policy.value,
                unit=policy.unit,
                starts_on=FIRST_DAY,
                source=policy.source[:200],
                is_default=True,
            )
            for policy in list_policies()
            if policy.key not in known
        ],
        ignore_conflicts=True,
    )


def _install_years(using: str) -> None:
    known = set(CalendarYear.objects.using(using).filter(Q(is_published=True)).values_list("year", flat=True))
    published = load_published(year for year in range(FIRST_YEAR, LAST_YEAR) if year not in known)
    CalendarYear.objects.using(using).bulk_create(
        [CalendarYear(year=year, is_published=True, source=INSTALLED_SOURCE) for year in sorted(published.years)],
        ignore_conflicts=True,
    )
    CalendarDay.objects.using(using).bulk_create(
        [
            CalendarDay(on=day, year_id=day.year, is_working=published.days[day], name=name)
            for day, name in sorted(published.names.items())
        ],
        ignore_conflicts=True,
    )

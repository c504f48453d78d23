"""What every step of a hazard begins and ends with: the case and its detail locked, and both kept with one line."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case, Entry
from unionhome.core.files.actions import Content
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, NotFound
from unionhome.core.tree.models import Node
from unionhome.kit.dates import day_bounds
from unionhome.services.hazards.models import HazardDetail

MOST_DAYS = 365


def lock_hazard(actor: Actor, case_id: int) -> HazardDetail:
    """The hazard to act on, as it stands now, and nobody else's until the transaction ends. Raises as
    `cases.lock_handling`, NotFound for a case of another kind."""
    case = cases.lock_handling(actor, case_id)
    detail = HazardDetail.objects.filter(case=case).first()
    if detail is None:
        raise NotFound()
    detail.case = case
    return detail


def step(
    actor: Actor,
    detail: HazardDetail,
    verb: str,
    title: str,
    *,
    text: str = "",
    reason: str = "",
    submit_key: str = "",
    contents: Sequence[Content] = (),
    **facts: Any,
) -> Entry:
    """Move the hazard, keep the facts and say it in the timeline, where whoever reported it reads it too."""
    case = detail.case
    if case.accepted_at is None:
        cases.take_up(actor, case)
    cases.move_case(actor, case, verb, reason=reason)
    return keep(actor, detail, title, text=text or reason, submit_key=submit_key, contents=contents, **facts)


def keep(
    actor: Actor,
    detail: HazardDetail,
    title: str,
    *,
    text: str = "",
    submit_key: str = "",
    contents: Sequence[Content] = (),
    is_public: bool = True,
    **facts: Any,
) -> Entry:
    """Keep facts of the hazard with a line in its timeline; the inbox says what the case says now."""
    case = detail.case
    entry = cases.add_entry(
        actor, case, Entry.Kind.STEP, title[:80], text=text.strip(), is_public=is_public, submit_key=submit_key
    )
    cases.attach_contents(actor, entry, contents)
    for name, value in facts.items():
        setattr(detail, name, value)
    if facts:
        detail.save(update_fields=list(facts))
    cases.refresh_item(actor, case)
    return entry


def needed(text: str, sentence: str, name: str = "text") -> str:
    """The words, which may not be empty. Raises BadInput at their field."""
    if not text.strip():
        raise BadInput(sentence, f"{name.replace('_', '-')}-missing", fields={name: sentence})
    return text.strip()


def end_of(day: date) -> datetime:
    """The last minute of a local day."""
    return day_bounds(day)[1] - timedelta(minutes=1)


def due_after_days(actor: Actor, key: str, node: Node) -> datetime:
    """The last minute of the day that lies so many days ahead by a policy."""
    today = timezone.localdate(actor.at)
    return end_of(today + timedelta(days=get_value(key, today, node)))


def check_due_on(actor: Actor, due_on: date) -> date:
    """A day by which something is to be done: today or later, within a year. Raises BadInput at `due_on`."""
    today = timezone.localdate(actor.at)
    if not today <= due_on <= today + timedelta(days=MOST_DAYS):
        sentence = "请写今天或者以后、一年以内的日子。"
        raise BadInput(sentence, "due-out-of-reach", fields={"due_on": sentence})
    return due_on


def lock_all(which: Q) -> None:
    """Lock several cases in one order, so that two who put each under the other do not wait for each other."""
    list(Case.objects.select_for_update(of=("self",)).filter(which).order_by("pk").values_list("pk"))


def lock_any(case: Case) -> Case:
    """A case found by its own applicant or as one to merge into, as it stands now and locked."""
    return Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)

"""As what unions count, from when on: kept true by whoever founds, changes or ends one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from unionhome.core.organizations.actions.days import opening_day
from unionhome.core.organizations.models import Organization, UnionSpan
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.actions import correct_opening

BATCH = 500


def settle_spans(unions: Collection[int] | Mapping[int, date], *, on: date | None = None) -> int:
    """Compare as what unions count with what they are, and write what changed; the number of changes.

    From `on`, or from each union's own day where `unions` names it. Derived from acts that are journaled. A second call
    changes nothing.
    """
    keys = list(unions)
    lots = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return sum(_settle(lot, unions if isinstance(unions, Mapping) else {}, on) for lot in lots)


def _settle(lot: Sequence[int], days: Mapping[int, date], on: date | None) -> int:
    found = Organization.objects.filter(pk__in=lot, status="active")
    noted = {span.node_id: span for span in UnionSpan.objects.filter(node__in=lot, ends_on=None)}
    over, corrected, new = [], [], []
    for pk, form, of_employer, opened_on in found.values_list("pk", "form", "employer__nature", "node__opened_on"):
        day = days.get(pk) or on or opened_on
        nature = of_employer if form == "single" and of_employer else ""
        span = noted.get(pk)
        if span is not None and (span.form, span.nature) == (form, nature):
            continue
        if span is not None and span.starts_on >= day:
            span.form, span.nature = form, nature
            corrected.append(span)
            continue
        if span is not None:
            span.ends_on = day
            over.append(span)
        new.append(UnionSpan(node_id=pk, form=form, nature=nature, starts_on=day))
    UnionSpan.objects.bulk_update(over, ["ends_on"])
    UnionSpan.objects.bulk_update(corrected, ["form", "nature"])
    UnionSpan.objects.bulk_create(new)
    return len(over) + len(corrected) + len(new)


def end_span(union: Organization, on: date) -> None:
    """From that day the union counts no more."""
    for span in UnionSpan.objects.filter(node=union.pk, ends_on=None):
        span.ends_on = max(on, span.starts_on)
        span.save(update_fields=["ends_on"])


def correct_start(actor: Actor, union: Organization, founded_on: date) -> None:
    """Let the tree and the count follow a corrected founding day, as far as the days are still open.

    A union that counted before the first open day goes on doing so. Raises BadInput for a day before the parent's or
    after what happened since.
    """
    first = UnionSpan.objects.filter(node=union.pk).order_by("starts_on", "pk").first()
    day = opening_day(actor, founded_on)
    if first is None or first.starts_on < opening_day(actor, date.min):
        return
    if first.ends_on is not None and day > first.ends_on:
        raise BadInput("这一天晚于单位性质变更或撤销的日期。", "after-events")
    if union.node.opened_on == first.starts_on:
        above = Organization.objects.select_related("node").filter(pk=union.node.parent_id).first()
        if above is not None and founded_on >= (above.founded_on or above.node.opened_on):
            day = max(day, above.node.opened_on)
        union.node = correct_opening(actor, union.node, on=day)
    first.starts_on = max(day, union.node.opened_on)
    first.save(update_fields=["starts_on"])

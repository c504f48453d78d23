"""Reading service records, and where a union stood on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from unionhome.core.access.doors import may_open
from unionhome.core.members.models import Person
from unionhome.core.members.rules.privacy import sees_names
from unionhome.core.records.models import BeneficiaryKind, ServiceRecord
from unionhome.core.registry import Actor, ServiceKind, discover
from unionhome.core.tree.models import Node, NodePath
from unionhome.core.tree.queries import scope, scope_parts
from unionhome.core.tree.rules import prefixes
from unionhome.kit.codes import mask_name
from unionhome.kit.money import yuan_text

CHUNK = 2000
VIEW = "records.view"
FEW_UNIONS = 50
"""Of so few unions the records are read union by union, of more from the newest on."""
MOST_COUNTED = 1_000
"""Records of a list that are counted; of more it is said that there are more."""
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Place:
    """Where a union stood on one day: its path, and the ids of the federations above (or of itself)."""

    path: str
    county_id: int | None = None
    town_id: int | None = None
    village_id: int | None = None


def list_places(pairs: Iterable[tuple[Node, date]]) -> Mapping[tuple[int, date], Place]:
    """Where each union stood on its day, by (node id, day), with a constant number of queries per 2,000 unions."""
    wanted = {(node.pk, on): node for node, on in pairs}
    stays = _stays(NodePath.objects.all(), "node_id", {pk for pk, _ in wanted})
    own = {key: _path_on(stays.get(key[0], []), key[1]) or node.path for key, node in wanted.items()}
    above = _stays(
        NodePath.objects.filter(node__level__in=("county", "town", "village")),
        "path",
        {prefix for path in own.values() for prefix in prefixes(path)},
    )
    return {key: _place(path, key[1], above) for key, path in own.items()}


@dataclass(frozen=True, slots=True)
class _Stay:
    node_id: int
    level: str
    path: str
    starts_on: date
    ends_on: date | None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


def _stays(rows: QuerySet[NodePath], field: str, keys: set[int] | set[str]) -> dict[int | str, list[_Stay]]:
    """Dated paths by the value of `field`."""
    found: dict[int | str, list[_Stay]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        chosen = rows.filter(**{f"{field}__in": ordered[start : start + CHUNK]})
        for row in chosen.values_list("node_id", "node__level", "path", "starts_on", "ends_on"):
            stay = _Stay(*row)
            found.setdefault(getattr(stay, field), []).append(stay)
    return found


def _path_on(stays: list[_Stay], on: date) -> str:
    """The path held on the day; the earliest one for a day before the union's first, "" where none is known."""
    for stay in stays:
        if stay.holds(on):
            return stay.path
    first = min(stays, key=lambda stay: stay.starts_on, default=None)
    return first.path if first else ""


def _place(path: str, on: date, above: Mapping[int | str, list[_Stay]]) -> Place:
    ids: dict[str, int] = {}
    for prefix in prefixes(path):
        stays = above.get(prefix, [])
        stay = next((each for each in stays if each.holds(on)), None) or next(iter(stays), None)
        if stay:
            ids[stay.level] = stay.node_id
    return Place(path, ids.get("county"), ids.get("town"), ids.get("village"))


def get_service_labels() -> Mapping[str, str]:
    """Words for every declared kind of service, by code."""
    kinds: tuple[ServiceKind, ...] = discover("figures", "SERVICE_KINDS")
    return {kind.code: kind.label for kind in kinds}


def list_records(
    actor: Actor,
    *,
    service: str = "",
    first: date | None = None,
    last: date | None = None,
    theme: str = "",
) -> QuerySet[ServiceRecord]:
    """Records of the actor's branches that stand, and those shared with the actor, newest first."""
    inside, shared, _ = scope_parts(_standing(), actor, VIEW, few=FEW_UNIONS)
    ids = list(shared.order_by().values_list("pk", flat=True))  # none as a rule: then one index gives the order
    records = (inside | _standing().filter(pk__in=ids) if ids else inside).select_related("node", "person")
    conditions = Q()
    if service:
        conditions &= Q(service=service)
    if first:
        conditions &= Q(on__gte=first)
    if last:
        conditions &= Q(on__lte=last)
    if theme:
        conditions &= Q(theme=theme)
    return records.filter(conditions).order_by("-on", "-id")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a long list: its records, and the mark where the next sheet begins ("" on the last)."""

    records: tuple[ServiceRecord, ...]
    following: str


def get_sheet(records: QuerySet[ServiceRecord], mark: str, rows: int) -> Sheet:
    """The records after a mark, from the first for one that cannot be read. However far down, a sheet costs the same."""
    day, _, number = mark.partition("_")
    try:
        on, pk = date.fromisoformat(day), int(number[:LONGEST_NUMBER])
    except ValueError:
        after = records
    else:
        after = records.filter(Q(on__lt=on) | Q(on=on, pk__lt=pk), on__lte=on)
    found = tuple(after[: rows + 1])
    last = found[rows - 1] if len(found) > rows else None
    return Sheet(found[:rows], f"{last.on}_{last.pk}" if last else "")


def list_for_person(actor: Actor, person: Person) -> QuerySet[ServiceRecord]:
    """What the actor may see of what a person was given, newest first; records of merged doubles included.

    The caller has scoped the person.
    """
    return (
        scope(_standing(), actor, VIEW)
        .filter(_of_person(person.pk))
        .select_related("node", "person")
        .order_by("-on", "-id")
    )


def list_mine(actor: Actor) -> QuerySet[ServiceRecord]:
    """What the union did for the acting worker, newest first; nothing for somebody who is in no register."""
    if actor.person_id is None:
        return ServiceRecord.objects.none()
    return _standing().filter(_of_person(actor.person_id)).select_related("node").order_by("-on", "-id")


def _of_person(person_id: int) -> Q:
    return Q(person_id=person_id) | Q(person__merged_into_id=person_id)


def _standing() -> QuerySet[ServiceRecord]:
    """The records that count: no reversals, and not reversed."""
    return ServiceRecord.objects.filter(**ServiceRecord.STANDS)


@dataclass(frozen=True, slots=True)
class Total:
    """How often, and worth how much in fen; with `has_more` only the records that were counted."""

    count: int
    amount_fen: int
    has_more: bool = False

    @property
    def yuan(self) -> str:
        """2,000.00, nothing for no amount."""
        return yuan_text(self.amount_fen) if self.amount_fen else ""


def get_total(records: QuerySet[ServiceRecord]) -> Total:
    """Times and worth of the given records."""
    row = records.order_by().aggregate(count=Count("pk"), amount=Sum("amount_fen"))
    return Total(row["count"], row["amount"] or 0)


def get_capped_total(records: QuerySet[ServiceRecord]) -> Total:
    """The same of a list that may be as long as the ledger of a city: no more than 1,000 are counted."""
    few = records.order_by().select_related(None)[: MOST_COUNTED + 1]
    row = few.aggregate(count=Count("pk"), amount=Sum("amount_fen"))
    return Total(min(row["count"], MOST_COUNTED), row["amount"] or 0, row["count"] > MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a list shows it. `whom` is a masked name, or how many people of which kind."""

    on: date
    service: str
    summary: str
    link: str
    union: str
    whom: str
    yuan: str
    joint: str = ""


def list_lines(actor: Actor, records: Iterable[ServiceRecord]) -> list[Line]:
    """Lines of records that were read with their union and person."""
    labels = get_service_labels()
    return [
        Line(
            on=record.on,
            service=labels.get(record.service, "其他服务"),
            summary=_summary(actor, record),
            link=record.link if may_open(actor, record.link) else "",
            union=record.node.name,
            whom=_whom(actor, record),
            yuan=_yuan(record),
            joint=record.joint,
        )
        for record in records
    ]


def _summary(actor: Actor, record: ServiceRecord) -> str:
    """What was done. It is written down with the name masked; the person reads the own name in full."""
    person = record.person
    if person is None or person.pk != actor.person_id:
        return record.summary
    return record.summary.replace(mask_name(person.name), person.name)


def _yuan(record: ServiceRecord) -> str:
    return yuan_text(record.amount_fen) if record.amount_fen else ""


def _whom(actor: Actor, record: ServiceRecord) -> str:
    if record.person is not None:
        return get_shown_name(actor, record.person)
    return f"{BeneficiaryKind(record.beneficiary_kind).label} {record.head_count:,} 人次"


def get_shown_name(actor: Actor, person: Person) -> str:
    """The name as the actor may see it: masked but for the person and the union that keeps the file."""
    sees = actor.person_id == person.pk or sees_names(actor, person.node_id)
    return person.name if sees else mask_name(person.name)


def get_own_export(actor: Actor, person: Person) -> tuple[str, list[Mapping[str, str]]]:
    """The person's records for the download of everything held of somebody. The caller has made sure whose they are."""
    labels = get_service_labels()
    records = _standing().filter(_of_person(person.pk)).select_related("node").order_by("-on", "-id")
    rows: list[Mapping[str, str]] = [
        {
            "日期": record.on.isoformat(),
            "类别": labels.get(record.service, "其他服务"),
            "内容": record.summary,
            "工会": record.node.name,
            "金额（元）": _yuan(record),
        }
        for record in records
    ]
    return "得到的服务", rows

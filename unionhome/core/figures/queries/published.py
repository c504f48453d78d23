"""Publications and what was published: who sees what, versions, signers, frozen rows."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from unionhome.core.figures.models import ROWS_FIELD, FrozenRows, Publication, PublishedFigure, Review, SigningKey
from unionhome.core.figures.queries.catalog import find_figure
from unionhome.core.figures.rules.frozen import Signer
from unionhome.core.figures.workflow import PUBLICATION, SIGNING
from unionhome.core.policy.queries import get_value as get_policy_value
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import find_hidden, scope
from unionhome.core.workflow.models import Step
from unionhome.core.workflow.queries import NextStep, list_next_steps, list_steps
from unionhome.kit.crypto import open_bytes
from unionhome.kit.dates import Period
from unionhome.kit.signing import is_signed

VIEW = "figures.view"
NAMES = "figures.signer_names"
PUBLISHING = frozenset(f"figures.{verb}" for verb in ("draft", "check", "approve", "publish", "return"))
HIDDEN = "不对您所在的单位公开"
ENDED = tuple(state.name for state in PUBLICATION.states if state.is_end)


def list_publications(actor: Actor, *, state: str = "", node: Node | None = None) -> QuerySet[Publication]:
    """Publications of the actor's branches, the newest first."""
    rows = scope(Publication.objects.select_related("node"), actor, VIEW).annotate(figure_count=Count("figures"))
    if state:
        rows = rows.exclude(state__in=ENDED) if state == "open" else rows.filter(state=state)
    if node is not None:
        rows = rows.filter(node=node)
    return rows.order_by("-created_at", "-pk")


def count_publications(actor: Actor, node: Node | None = None) -> Mapping[str, int]:
    """How many by what the list can be narrowed to; one query."""
    rows = scope(Publication.objects.all(), actor, VIEW)
    if node is not None:
        rows = rows.filter(node=node)
    return rows.order_by().aggregate(
        all=Count("pk"),
        open=Count("pk", filter=~Q(state__in=ENDED)),
        published=Count("pk", filter=Q(state="published")),
        cancelled=Count("pk", filter=Q(state="cancelled")),
    )


def get_publication(actor: Actor, pk: int) -> Publication:
    """One publication of the actor's branches. Raises NotFound."""
    rows = scope(Publication.objects.select_related("node", "corrects", "created_by"), actor, VIEW)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def find_publication(pk: int) -> Publication | None:
    """For the worker."""
    return Publication.objects.select_related("node", "created_by").filter(pk=pk).first()


def find_latest(node: Node, code: str, period: Period) -> PublishedFigure | None:
    """The version that holds of a figure of a union and a period."""
    return _versions(node.pk, code, period.start_on, period.end_on).last()


def _versions(node_id: int, code: str, first: date, last: date) -> QuerySet[PublishedFigure]:
    rows = PublishedFigure.objects.filter(node=node_id, code=code, starts_on=first, ends_on=last)
    return rows.filter(published_at__isnull=False).select_related("publication").order_by("version")


def list_versions(row: PublishedFigure) -> list[PublishedFigure]:
    """Every published version of the same figure, union and period, the first one first."""
    return list(_versions(row.node_id, row.code, row.starts_on, row.ends_on))


def is_under_way(node: Node, code: str, period: Period) -> bool:
    """Whether the figure stands in a publication that nobody has signed or given up yet."""
    rows = Publication.objects.filter(node=node, starts_on=period.start_on, ends_on=period.end_on)
    return any(code in codes for codes in rows.exclude(state__in=ENDED).values_list("codes", flat=True))


def is_elsewhere(actor: Actor, node: Node) -> bool:
    """Whether the actor holds no grant to publish at this very union. What a union publishes it reads as its own people
    read it, so that no row hidden from them is frozen."""
    own = (grant for grant in actor.grants if grant.path == node.path and not grant.shares_only)
    return not actor.is_system and not any(PUBLISHING & grant.permissions for grant in own)


def _signing_steps(row: Publication) -> dict[str, Step]:
    """The last step of each signer since the rows were read."""
    steps = Step.objects.filter(model=PUBLICATION.model, object_id=row.pk).order_by("id")
    found: dict[str, Step] = {}
    for step in steps:
        if step.verb in ("freeze", "reread"):
            found = {}
        elif step.verb in SIGNING:
            found[step.verb] = step
    return found


def get_facts(actor: Actor, row: Publication) -> dict[str, Any]:
    """What the guards of the table look at."""
    return {"is_elsewhere": is_elsewhere(actor, row.node)}


def list_signers(row: Publication, on: date) -> list[Signer]:
    """部门, 办公室 and 主席 with post and time; names as the union publishes them that day."""
    named = bool(get_policy_value(NAMES, on, row.node))
    steps = _signing_steps(row)
    return [
        Signer(label, step.actor_name if named else "", step.actor_post or label, step.at)
        for verb, label in SIGNING.items()
        if (step := steps.get(verb))
    ]


def _list_figures_of(row: Publication) -> list[PublishedFigure]:
    """The figures of a publication that the caller has scoped, in their order."""
    found = {each.code: each for each in row.figures.select_related("key")}
    return [found[code] for code in row.codes if code in found]


def get_frozen(actor: Actor, public_id: str) -> PublishedFigure:
    """A frozen figure of the actor's branches, published or on its way. Raises NotFound."""
    rows = scope(PublishedFigure.objects.select_related("publication", "node", "key"), actor, VIEW)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound()
    return found


def get_public(public_id: str) -> PublishedFigure:
    """A published figure, whoever asks. Raises NotFound."""
    rows = PublishedFigure.objects.select_related("publication", "node", "key")
    found = rows.filter(public_id=public_id, published_at__isnull=False).first()
    if found is None:
        raise NotFound("没有这个编号的数。请核对二维码或网址有没有写全。")
    return found


def find_following(row: PublishedFigure) -> PublishedFigure | None:
    """The next version, where there is one."""
    return PublishedFigure.objects.filter(previous=row).first()


def list_published(actor: Actor, *, node: Node | None = None, code: str = "") -> QuerySet[PublishedFigure]:
    """What was published on the actor's branches, by growing key."""
    rows = scope(PublishedFigure.objects.select_related("node", "publication"), actor, VIEW)
    rows = rows.filter(published_at__isnull=False)
    if node is not None:
        rows = rows.filter(node=node)
    if code:
        rows = rows.filter(code=code)
    return rows.order_by("pk")


def list_published_of(node: Node, code: str, most: int) -> list[PublishedFigure]:
    """The newest published numbers of one figure of a union that the caller may see."""
    rows = PublishedFigure.objects.filter(node=node, code=code, published_at__isnull=False)
    return list(rows.order_by("-ends_on", "-starts_on", "-version")[:most])


def list_of_period(node: Node, first: date, last: date) -> list[PublishedFigure]:
    """Everything that a union published of periods within those days, every version."""
    rows = PublishedFigure.objects.filter(node=node, published_at__isnull=False)
    rows = rows.filter(starts_on__gte=first, ends_on__lte=last)
    return list(rows.select_related("key", "publication").order_by("pk"))


def has_true_signature(row: PublishedFigure) -> bool:
    """Whether the signature is by its key and of its statement."""
    if row.key is None:
        return False
    public, signature = bytes.fromhex(row.key.public), bytes.fromhex(row.signature)
    return is_signed(public, row.statement.encode(), signature)


def has_true_words(review: Review) -> bool:
    """Whether the signature of a review is by its key and of its words."""
    if review.key is None:
        return False
    return is_signed(bytes.fromhex(review.key.public), review.statement.encode(), bytes.fromhex(review.signature))


# Frozen rows


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """One frozen row as it was shown, with its digest; of one that is hidden from the reader neither is told."""

    number: int
    cells: tuple[str, ...]
    digest: str
    is_hidden: bool = False


def list_packs(row: PublishedFigure) -> Iterable[bytes]:
    """The lines of the file of rows, some hundred at a time."""
    for sealed in row.frozen.order_by("first").values_list("rows_sealed", flat=True).iterator(chunk_size=20):
        yield zlib.decompress(open_bytes(sealed, field=ROWS_FIELD))


class FrozenRowList(Sequence[FrozenRow]):
    """The frozen rows of a figure for a pager, as the actor may see them: a slice opens only the packs that it lies in."""

    def __init__(self, actor: Actor, row: PublishedFigure) -> None:
        self._actor = actor
        self._row = row

    def __len__(self) -> int:
        return self._row.row_count

    def __getitem__(self, wanted: Any) -> Any:
        first, last = (wanted.start or 0) + 1, min(wanted.stop, len(self))
        packs = FrozenRows.objects.filter(figure=self._row, first__lte=last).order_by("first")
        facts: list[dict[str, Any]] = []
        for pack in packs.filter(first__gt=first - 1_000):
            if pack.first + pack.count > first:
                facts += map(json.loads, zlib.decompress(open_bytes(pack.rows_sealed, field=ROWS_FIELD)).splitlines())
        return _seen(self._actor, [each for each in facts if first <= each["n"] <= last])


def list_seen_rows(actor: Actor, row: PublishedFigure) -> Iterator[FrozenRow]:
    """All frozen rows of a figure as the actor may see them."""
    for pack in list_packs(row):
        yield from _seen(actor, [json.loads(line) for line in pack.splitlines()])


def has_hidden_rows(actor: Actor, row: PublishedFigure) -> bool:
    """Whether one of the frozen rows is hidden from the actor."""
    figure = find_figure(row.code)
    if figure is not None and figure.model and not hasattr(apps.get_model(figure.model), "SCOPE_HIDDEN"):
        return False
    return any(each.is_hidden for each in list_seen_rows(actor, row))


def _seen(actor: Actor, lines: Sequence[Mapping[str, Any]]) -> list[FrozenRow]:
    """What is hidden from a branch (`SCOPE_HIDDEN` of the live rows) is no more told of a frozen row than of a live one:
    whoever belongs to two unions reads with the eyes of both."""
    hidden = {
        (label, pk)
        for label in {facts["model"] for facts in lines}
        for pk in find_hidden(actor, apps.get_model(label), [each["pk"] for each in lines if each["model"] == label])
    }
    return [
        FrozenRow(facts["n"], tuple(HIDDEN for _ in facts["cells"]), "", is_hidden=True)
        if (facts["model"], facts["pk"]) in hidden
        else FrozenRow(facts["n"], tuple(facts["cells"]), facts["digest"])
        for facts in lines
    ]


# Keys


def list_keys(node: Node) -> list[SigningKey]:
    """The keys of a union, the one that signs now first."""
    return list(SigningKey.objects.filter(node=node).order_by("-starts_at", "-pk"))


def get_key_node(actor: Actor) -> Node:
    """The union whose keys an administrator of keys looks after: the own one. Raises NotFound."""
    node = Node.objects.filter(pk=actor.node_id or 0).first()
    if node is None or not actor.may("figures.keys", node.path):
        raise NotFound()
    return node


# The page of a publication


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """What its page shows besides the row."""

    figures: tuple[PublishedFigure, ...]
    steps: tuple[Step, ...]
    next_steps: tuple[NextStep, ...]
    signers: Mapping[str, Step]


def get_publication_page(actor: Actor, row: Publication) -> PublicationPage:
    """The page of a publication the caller has scoped."""
    return PublicationPage(
        figures=tuple(_list_figures_of(row)),
        steps=tuple(list_steps(row)),
        next_steps=tuple(list_next_steps(actor, PUBLICATION, row, get_facts(actor, row))),
        signers=_signing_steps(row),
    )

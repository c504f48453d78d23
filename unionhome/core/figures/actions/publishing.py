"""A publication from hand to hand: drawn up, checked by the department, by the office, signed by the chair."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.queries import get_actor
from unionhome.core.figures import queries
from unionhome.core.figures.actions.freezing import Read, keep_figure, read_figure
from unionhome.core.figures.actions.keys import ensure_key, sign
from unionhome.core.figures.actions.signing import freeze_words, sign_review
from unionhome.core.figures.models import Publication, PublishedFigure, SigningKey
from unionhome.core.figures.rules.frozen import statement_of
from unionhome.core.figures.workflow import PUBLICATION
from unionhome.core.journal import actions as journal
from unionhome.core.journal.queries import find_head
from unionhome.core.registry import Actor, BadInput, Refused, require_strong, resolve
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers
from unionhome.kit.dates import Period
from unionhome.kit.verifier import sha256

DRAFT, PUBLISH = "figures.draft", "figures.publish"
MOST_FIGURES = 80
FEW_ROWS = 5_000
"""So many rows are read while the page waits; more are left to the worker."""
READ = "unionhome.core.figures.jobs.read_publication"


@transaction.atomic
def draft_publication(
    actor: Actor, *, node: Node, period: Period, codes: Sequence[str], title: str, reason: str = "",
    submit_key: str = "", in_background: bool = False,
) -> Publication:  # fmt: skip
    """Draw up a publication of some figures of a union and a period, and read their rows.

    Figures that were published before get their next version, which wants a reason. Raises Forbidden, NotFound,
    BadInput at the fields, Refused where one of the figures is under way already.
    """
    actor.require(DRAFT, node.path)
    earlier = Publication.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is None and submit_key:
        Node.objects.select_for_update().get(pk=node.pk)
        earlier = Publication.objects.filter(submit_key=submit_key).first()
    if earlier is not None:
        said = (earlier.node_id, earlier.starts_on, earlier.ends_on, earlier.created_by_id)
        if said != (node.pk, period.start_on, period.end_on, actor.user_id):
            raise Refused("这张表单已经用过了，请刷新页面再办。", "key-spent")
        return queries.get_publication(actor, earlier.pk)
    Node.objects.select_for_update().get(pk=node.pk)
    chosen = _check_draft(actor, node, period, codes, title)
    latest = [found for code in chosen if (found := queries.find_latest(node, code, period))]
    if latest and not reason.strip():
        names = "、".join(row.name for row in latest[:3])
        sentence = f"{names}这段时间已经发布过，要发布新的一版，请写明更正的原因。"
        raise BadInput(sentence, "reason-missing", fields={"reason": sentence})
    row = Publication.objects.create(
        node=node,
        starts_on=period.start_on,
        ends_on=period.end_on,
        title=title.strip(),
        state=PUBLICATION.initial,
        codes=chosen,
        reason=mask_numbers(reason.strip())[:200] if latest else "",
        corrects=latest[0].publication if latest else None,
        frozen_at=actor.at,
        created_at=actor.at,
        created_by_id=actor.user_id,
        submit_key=submit_key or None,
    )
    start(actor, PUBLICATION, row, _item_of(row))
    _read(actor, row, in_background=in_background)
    return row


def _check_draft(actor: Actor, node: Node, period: Period, codes: Sequence[str], title: str) -> list[str]:
    today = timezone.localdate(actor.at)
    chosen = list(dict.fromkeys(codes))
    if queries.is_elsewhere(actor, node):
        raise Refused("由本级工会自己的人拟，上级工会可以看，不能代办。", "elsewhere")
    if not title.strip():
        raise BadInput("请写标题。", fields={"title": "请写标题。"})
    if period.end_on >= today:
        sentence = "这段期间还没有过完，过完再发布。"
        raise BadInput(sentence, "period-runs", fields={"last": sentence})
    if not 1 <= len(chosen) <= MOST_FIGURES:
        sentence = f"请选要发布的指标，最多 {MOST_FIGURES} 个。"
        raise BadInput(sentence, "codes", fields={"codes": sentence})
    for code in chosen:
        figure = queries.get_figure(code)
        if queries.is_under_way(node, code, period):
            raise Refused(f"“{figure.name}”这段时间的数正在办发布，办完再拟。", "under-way")
    return chosen


def _read(actor: Actor, row: Publication, *, in_background: bool) -> None:
    """Read at once what is little, else leave it to the worker."""
    period = Period(row.starts_on, row.ends_on)
    many = sum(queries.get_value(actor, code, row.node, period).rows for code in row.codes) > FEW_ROWS
    if many and in_background:
        resolve(READ).using(key=f"figures.publication:{row.pk}:{int(actor.at.timestamp())}").enqueue(row.pk)
        return
    read_rows(actor, row)


def read_rows(actor: Actor, row: Publication) -> Publication:
    """Freeze the figures of a publication that waits to be read. Raises Refused; one that is read already is returned.

    What is read is read before anything is written, so that a large union's rows keep nobody waiting.
    """
    seen = Publication.objects.select_related("node").get(pk=row.pk)
    if seen.state != "reading":
        return seen
    read = [read_figure(actor, seen, code) for code in seen.codes]
    _keep_rows(actor, row, read)
    row.refresh_from_db()
    return row


@transaction.atomic
def _keep_rows(actor: Actor, row: Publication, read: Sequence[Read]) -> None:
    locked = Publication.objects.select_for_update(of=("self",)).select_related("node").get(pk=row.pk)
    if locked.state != "reading":
        return
    locked.figures.all().delete()
    locked.frozen_at = actor.at
    locked.save(update_fields=["frozen_at"])
    frozen = [keep_figure(each) for each in read]
    freeze_words(actor, locked)
    move(Actor.system("freeze", actor.at), PUBLICATION, row, "freeze", item=_item_of(locked))
    journal.record(
        actor,
        "figures.publication.read",
        node=locked.node,
        about=locked,
        summary=f"取数：{locked.title}，{len(frozen)} 个指标",
        data={"count": len(frozen), "digests": {each.code: each.rows_digest for each in frozen}},
    )


@transaction.atomic
def fail_reading(actor: Actor, row: Publication, sentence: str) -> None:
    """Say why the rows could not be read; the publication waits to be read again."""
    fresh = Publication.objects.select_related("node").get(pk=row.pk)
    if fresh.state == "reading":
        move(actor, PUBLICATION, fresh, "fail", item=_item_of(fresh), reason=sentence)


def _item_of(row: Publication) -> ItemFacts:
    """What the inbox shows of a publication."""
    return ItemFacts(
        node=row.node,
        title=row.title,
        url=reverse("figures:publication", args=[row.pk]),
        kind_label="数字发布",
        icon="certificate",
        origin="更正" if row.corrects_id else "报表",
    )


@transaction.atomic
def step_publication(actor: Actor, pk: int, verb: str, *, reason: str = "", submit_key: str = "") -> Publication:
    """Take one step: check, approve, publish, return, reread or cancel.

    Raises NotFound, Forbidden, and Refused with the sentence of the table where it may not be taken now.
    """
    row = queries.get_publication(actor, pk)
    if verb == "publish":
        require_strong(actor, PUBLISH)
    before = Publication.objects.select_for_update().get(pk=pk).state  # of a click before this one, when it waited
    facts = queries.get_facts(actor, row)
    move(actor, PUBLICATION, row, verb, item=_item_of(row), facts=facts, reason=reason, submit_key=submit_key)
    if row.state == before:
        return row  # sent twice
    if verb == "publish":
        _publish(actor, row)
    elif verb == "reread":
        _read(actor, row, in_background=True)
    return row


def _publish(actor: Actor, row: Publication) -> None:
    """Sign the statement of every figure. Nothing changes them afterwards."""
    key = ensure_key(actor, row.node)
    organization = {"code": row.node.code, "name": row.node.name, "level": row.node.level}
    signers = queries.list_signers(row, timezone.localdate(actor.at))
    head = find_head(row.node_id)
    anchor = {"chain": head.chain, "seq": head.seq, "digest": head.digest} if head and head.seq else {}
    row.published_at = actor.at
    row.save(update_fields=["published_at"])
    for figure in row.figures.select_related("publication").order_by("pk"):
        previous = queries.find_latest(row.node, figure.code, Period(row.starts_on, row.ends_on))
        if figure.version != (previous.version + 1 if previous else 1):
            raise Refused(f"“{figure.name}”刚刚发布了新的一版，请退回重新取数。", "overtaken")
        figure.previous = previous
        statement = statement_of(
            figure,
            organization=organization,
            signers=signers,
            at=actor.at,
            key=key.fingerprint,
            journal=anchor,
            previous=_named(previous),
        )
        _sign(actor, figure, statement, key)
    sign_review(actor, row)
    journal.record(
        actor,
        "figures.publication.signed",
        node=row.node,
        about=row,
        summary=f"签发公布：{row.title}",
        data={
            "fingerprint": key.fingerprint,
            "digests": {figure.code: sha256(figure.statement.encode()) for figure in row.figures.order_by("pk")},
        },
    )


def _named(previous: PublishedFigure | None) -> dict[str, object] | None:
    """The version before, with the digest of its statement: the versions of a figure are a chain of their own."""
    if previous is None:
        return None
    return {"id": previous.public_id, "version": previous.version, "digest": sha256(previous.statement.encode())}


def _sign(actor: Actor, figure: PublishedFigure, statement: bytes, key: SigningKey) -> None:
    made = sign(figure.node, statement)
    if made.key.pk != key.pk:
        raise Refused("签名密钥刚刚换过，请再签发一次。", "key-changed")
    figure.statement, figure.signature, figure.key = statement.decode(), made.text, key
    figure.published_at = actor.at
    figure.save(update_fields=["previous", "statement", "signature", "key", "published_at"])


def drafting_actor(row: Publication, system: Actor) -> Actor:
    """Whoever drew it up, with the grants of now. Raises Refused when the account was stopped."""
    if row.created_by is None:
        return system
    if not row.created_by.is_active:
        raise Refused(f"{row.created_by.name}的账号已经停用。", "account-stopped")
    return get_actor(row.created_by, "desk", system.at)

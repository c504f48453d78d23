"""Issuing a paper, its number and words, printing, and taking the sealed copy back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files.actions import Content, attach, prepare_document, prepare_image
from unionhome.core.journal.actions import record
from unionhome.core.papers.models import Paper
from unionhome.core.papers.queries import find_paper, get_paper, is_number_missing
from unionhome.core.papers.workflow import PAPER
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.kit.codes import mask_numbers
from unionhome.kit.papers import Letter


@dataclass(frozen=True, slots=True)
class Scan:
    """A file somebody chose: its name and content."""

    name: str
    data: bytes


@transaction.atomic
def issue_paper(
    actor: Actor,
    *,
    node: Node,
    about: Model,
    kind: str,
    kind_label: str,
    letter: Letter,
    back_url: str,
    to_node: Node | None = None,
) -> Paper:
    """Put a paper about a row into the office's hands: it waits for print. `letter` without number and date.

    The room of the row has checked who may act on it. A standing paper of the same kind is returned as it is.
    """
    actor.require("papers.print", node.path)
    type(about)._default_manager.select_for_update().get(pk=about.pk)
    standing = find_paper(about, kind)
    if standing is not None:
        return standing
    parts = asdict(letter)
    title = parts.pop("title")
    paper = Paper.objects.create(
        node=node,
        to_node=to_node,
        model=about._meta.label_lower,
        object_id=about.pk,
        kind=kind,
        kind_label=kind_label,
        back_url=back_url,
        state=PAPER.initial,
        number=parts.pop("number"),
        dated_on=timezone.localdate(actor.at),
        title=title,
        letter={name: value for name, value in parts.items() if name != "date"},
        created_at=actor.at,
    )
    start(actor, PAPER, paper, _item_of(paper))
    return paper


def _item_of(paper: Paper) -> ItemFacts:
    return ItemFacts(
        node=paper.node,
        title=paper.title,
        url=reverse("papers:paper", args=[paper.pk]),
        kind_label="公文",
        icon="rubber-stamp",
        origin=paper.kind_label,
    )


@transaction.atomic
def write_paper(actor: Actor, pk: int, *, number: str, dated_on: date, text: str) -> Paper:
    """Enter the number, the day and the words, one paragraph a line, of a paper that is not printed yet.

    Raises Refused once it is printed, BadInput without words.
    """
    paper = _lock(actor, pk, "papers.print")
    if paper.state != "to_print":
        raise Refused("已经打印的公文不能直接改，请先点“改文字，重新打印”。", "printed")
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    if not paragraphs:
        sentence = "请写正文。"
        raise BadInput(sentence, "no-text", fields={"text": sentence})
    paper.number, paper.dated_on = number.strip(), dated_on
    paper.letter = {**paper.letter, "paragraphs": paragraphs}
    paper.save(update_fields=["number", "dated_on", "letter"])
    record(
        actor,
        "papers.paper.written",
        node=paper.node,
        about=paper,
        summary=f"核对公文：{paper.title}"[:300],
        data={"number": paper.number, "dated_on": dated_on.isoformat()},
    )
    return paper


@transaction.atomic
def print_paper(actor: Actor, pk: int, *, submit_key: str = "") -> Paper:
    """It is printed and goes to be sealed. Raises Refused where a union's paper has no number yet."""
    paper = _lock(actor, pk, "papers.view")
    facts = {"number_missing": is_number_missing(paper)}
    move(actor, PAPER, paper, "print", item=_item_of(paper), facts=facts, submit_key=submit_key)
    Paper.objects.filter(pk=pk, printed_at=None).update(printed_at=actor.at)
    return paper


@transaction.atomic
def rewrite_paper(actor: Actor, pk: int, *, submit_key: str = "") -> Paper:
    """Back to the desk: the words or the number have to change."""
    paper = _lock(actor, pk, "papers.view")
    move(actor, PAPER, paper, "rewrite", item=_item_of(paper), submit_key=submit_key)
    Paper.objects.filter(pk=pk).update(printed_at=None)
    return paper


def seal_paper(actor: Actor, pk: int, scans: Sequence[Scan], *, submit_key: str = "") -> Paper:
    """Take the sealed copy back, as PDF or pictures. Call it outside a transaction.

    Raises Refused before the print and without a scan, BadInput for what is neither PDF nor picture.
    """
    paper = get_paper(actor, pk)
    actor.require("papers.seal", paper.node.path)
    contents = [_prepare(actor, scan, paper.node) for scan in scans]
    return _seal(actor, pk, contents, submit_key)


def _prepare(actor: Actor, scan: Scan, node: Node) -> Content:
    try:
        if scan.data.startswith(b"%PDF-"):
            return prepare_document(actor, scan.data, name=scan.name, node=node)
        return prepare_image(actor, scan.data, name=scan.name, node=node)
    except BadInput as refused:
        raise BadInput(refused.sentence, refused.code, fields={"scans": refused.sentence}) from refused


@transaction.atomic
def _seal(actor: Actor, pk: int, contents: Sequence[Content], submit_key: str) -> Paper:
    paper = _lock(actor, pk, "papers.view")
    if paper.state == "sealed" and submit_key:
        return paper
    facts = {"scan_missing": not contents}
    move(actor, PAPER, paper, "seal", item=_item_of(paper), facts=facts, submit_key=submit_key)
    for content in contents:
        attach(actor, content, node=paper.node, about_model=Paper._meta.label_lower, about_id=paper.pk)
    Paper.objects.filter(pk=pk).update(sealed_at=actor.at)
    if paper.to_node is not None:
        share_row(actor, Paper._meta.label_lower, paper.pk, reason="收文", node=paper.to_node)
    paper.refresh_from_db()
    return paper


@transaction.atomic
def void_paper(actor: Actor, pk: int, *, reason: str, submit_key: str = "") -> Paper:
    """Take a paper out of use; it stays to be read. Raises Refused without a reason."""
    paper = _lock(actor, pk, "papers.view")
    move(actor, PAPER, paper, "void", item=_item_of(paper), reason=reason, submit_key=submit_key)
    return paper


@transaction.atomic
def withdraw_papers(actor: Actor, about: Model, kinds: Sequence[str], *, reason: str) -> int:
    """Take back what was issued of these kinds about a row: it has to be written anew. How many there were.

    What is not sealed yet is voided; a sealed copy stays as it is, marked as one that no longer counts.
    """
    papers = [paper for kind in kinds if (paper := find_paper(about, kind)) is not None]
    for paper in papers:
        if paper.state != "sealed":
            move(actor, PAPER, paper, "void", item=_item_of(paper), reason=reason)
            continue
        actor.require("papers.void", paper.node.path)
        Paper.objects.filter(pk=paper.pk).update(is_withdrawn=True)
        record(
            actor,
            "papers.paper.withdrawn",
            node=paper.node,
            about=paper,
            summary=f"退回重办，不再作数：{paper.title}"[:300],
            data={"reason": mask_numbers(reason)},
        )
    return len(papers)


def _lock(actor: Actor, pk: int, permission: str) -> Paper:
    """The row the actor may see, locked; acting needs the permission on its branch, not just sight of it."""
    get_paper(actor, pk)
    paper = Paper.objects.select_for_update(of=("self",)).select_related("node", "to_node").get(pk=pk)
    actor.require(permission, None if permission.endswith(".view") else paper.node.path)
    return paper

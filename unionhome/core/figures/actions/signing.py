"""Signing the words of a review, in the same act in which the chair signs its numbers."""

import secrets

from django.db import transaction
from django.utils import timezone

from unionhome.core.figures import queries
from unionhome.core.figures.actions.keys import ensure_key, sign
from unionhome.core.figures.models import Publication, Review
from unionhome.core.figures.rules.frozen import moment_text
from unionhome.core.figures.rules.written import statement_of_review
from unionhome.core.journal import actions as journal
from unionhome.core.registry import Actor, Refused
from unionhome.kit.verifier import canonical, sha256

ID_BYTES = 12


@transaction.atomic
def freeze_words(actor: Actor, publication: Publication) -> None:
    """Keep what the review of a publication says now that its numbers are read: this, and nothing else, is signed.

    Does nothing for a publication of no review. Raises Refused where the words name other figures than were read.
    """
    review = (
        Review.objects.select_for_update(of=("self",)).select_related("node").filter(publication=publication).first()
    )
    if review is None:
        return
    bound = queries.get_published_review(review, queries.list_sections(review))
    proofs = {row.code: row.public_id for row in publication.figures.all()}
    if {each.code for each in bound.bounds if each.value is not None} != set(proofs):
        raise Refused("综述里的数和冻结的不一样了，请在综述里重新冻结。", "review-differs")
    review.frozen = queries.get_said(bound, proofs)
    review.save(update_fields=["frozen"])
    journal.record(
        actor,
        "figures.review.frozen",
        node=review.node,
        about=review,
        summary=f"冻结综述的文字：{review.title}"[:300],
        data={"sha256": sha256(canonical(review.frozen)), "revision": review.revision},
    )


@transaction.atomic
def sign_review(actor: Actor, publication: Publication) -> None:
    """Sign the frozen words of the review that a publication is of, if it is of one, where its numbers are signed."""
    review = (
        Review.objects.select_for_update(of=("self",)).select_related("node").filter(publication=publication).first()
    )
    if review is None:
        return
    if not review.frozen:
        raise Refused("综述的文字还没有冻结，请退回，在综述里重新冻结。", "review-not-frozen")
    key, organization = ensure_key(actor, review.node), review.node
    signers = queries.list_signers(publication, timezone.localdate(actor.at))
    review.public_id, review.key = secrets.token_hex(ID_BYTES), key
    facts = {
        "id": review.public_id,
        "key": key.fingerprint,
        "published_at": moment_text(actor.at),
        "corrects": review.corrects.public_id if review.corrects else None,
        "signers": [
            {"step": one.step, "name": one.name, "post": one.post, "at": moment_text(one.at)} for one in signers
        ],
    }
    statement = statement_of_review(review.frozen, facts)
    review.statement, review.signature = statement.decode(), sign(organization, statement).text
    review.save(update_fields=["public_id", "key", "statement", "signature"])
    journal.record(
        actor,
        "figures.review.signed",
        node=organization,
        about=review,
        summary=f"签发综述：{review.title}"[:300],
        data={"fingerprint": key.fingerprint, "sha256": sha256(statement), "revision": review.revision},
    )

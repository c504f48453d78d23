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
from unionhome.kit.verifier import sha256

ID_BYTES = 12


@transaction.atomic
def sign_review(actor: Actor, publication: Publication) -> None:
    """Sign the words of the review that a publication is of, if it is of one. Called where the publication is signed."""
    review = (
        Review.objects.select_for_update(of=("self",)).select_related("node").filter(publication=publication).first()
    )
    if review is None:
        return
    sections = queries.list_sections(review)
    bound = queries.bind_published(review, sections)
    frozen = {row.code: row.public_id for row in publication.figures.all()}
    standing = {each.code for each in bound.bounds if each.value is not None}
    if standing != set(frozen):
        raise Refused("综述里的数和冻结的不一样了，请退回，在综述里重新冻结。", "review-differs")
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
    statement = statement_of_review(queries.as_written(bound, frozen), facts)
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

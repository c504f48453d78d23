"""What everybody may see: one published figure with its proof, the program that checks it, the keys of a union."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door, may_open
from unionhome.core.figures import actions, papers, queries, screens
from unionhome.core.registry import Actor, NotFound
from unionhome.core.tree.queries import find_node
from unionhome.kit import verifier
from unionhome.kit.dates import day_text
from unionhome.kit.signing import fingerprint_text

LONGEST_ID = 64


@require_safe
@door("open")
def verify_start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How to check a number: by its id, or with the program."""
    wanted = "".join(request.GET.get("id", "").split())[:LONGEST_ID].lower()
    if wanted.isalnum() and wanted.isascii():
        return redirect("figures:verify", wanted)
    return render(request, "figures/verify_start.html", {"is_wrong": bool(wanted)})


@require_safe
@door("open")
def verify(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One published figure: value, meaning, who signed, hash and signature, checked as the page is drawn."""
    row = queries.get_public(public_id)
    desk = reverse("figures:frozen", args=[row.public_id])
    following = queries.find_following(row)
    context: dict[str, Any] = {
        "row": row,
        "is_true": queries.has_true_signature(row),
        "checked_at": timezone.localtime(actor.at),
        "address": request.build_absolute_uri(reverse("figures:verify", args=[row.public_id])),
        "versions": screens.version_lines(queries.list_versions(row), row, "figures:verify"),
        "following_url": reverse("figures:verify", args=[following.public_id]) if following else "",
        "desk_url": desk if actor.is_signed_in and may_open(actor, desk) else "",
        **screens.public_page(row),
    }
    return render(request, "figures/verify.html", context)


@require_safe
@door("open")
def verify_proof(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Statement, signature, key and program as one file, for whom the number itself is told."""
    row = queries.get_public(public_id)
    if not screens.public_page(row)["is_told"]:
        raise NotFound()
    made = actions.make_public_proof(row)
    answer = HttpResponse(made.content, content_type="application/zip")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{made.quoted_name}"
    return answer


@require_safe
@door("open")
def verify_program(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The program that checks exports: one file, no server."""
    answer = HttpResponse(Path(verifier.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


@require_safe
@door("open")
def keys(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The keys that a union has signed with, and when."""
    node = find_node(code.replace("\x00", ""))
    if node is None:
        raise NotFound("没有这个编码的工会。")
    lines = [
        {"key": key, "fingerprint": fingerprint_text(key.fingerprint), "public": key.public}
        for key in queries.list_keys(node)
    ]
    return render(request, "figures/keys.html", {"node": node, "lines": lines})


@require_safe
@door("open")
def signed_review(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """A signed review: its words, each number leading to its proof, and the signature, checked as the page is drawn."""
    review = queries.get_signed(public_id)
    said = json.loads(review.statement)
    following = queries.find_correction(review)
    context = {
        "row": review,
        "said": said,
        "written": screens.proven_review(said["review"], "figures:verify"),
        "is_true": queries.has_true_words(review),
        "checked_at": timezone.localtime(actor.at),
        "address": request.build_absolute_uri(request.path),
        "fingerprint": fingerprint_text(said["key"]),
        "digest": verifier.sha256(review.statement.encode()),
        "following_url": reverse("figures:signed_review", args=[following.public_id]) if following else "",
    }
    return render(request, "figures/signed_review.html", context)


@require_safe
@door("open")
def signed_review_file(request: HttpRequest, actor: Actor, public_id: str, form: str) -> HttpResponse:
    """A signed review to take along: docx, pdf, or what was signed with its signature and the public key, as json."""
    review = queries.get_signed(public_id)
    if form not in ("json", "docx", "pdf") or review.key is None:
        raise NotFound()
    if form == "json":
        facts = {"statement": review.statement, "signature": review.signature, "public_key": review.key.public}
        content, kind = json.dumps(facts, ensure_ascii=False).encode(), "application/json; charset=utf-8"
    else:
        said = json.loads(review.statement)
        day = day_text(timezone.localdate(datetime.fromisoformat(said["published_at"])))
        base = request.build_absolute_uri("/").rstrip("/")
        report = papers.review_report(said["review"], base, day, public_id)
        content, kind = papers.write_report(report, form), papers.TYPES[form]
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="review-{public_id}.{form}"'
    return answer

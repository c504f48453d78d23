"""The four doors. Every view names its door and permission here; a view without a door fails a house test."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.access.rules import keep_form
from unionhome.core.registry import Actor, Refused, all_permissions

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

SIGN_IN = {"desk": "access:sign_in", "my": "access:phone"}


@dataclass(frozen=True, slots=True)
class Door:
    """What the house tests read off a view."""

    name: str
    permission: str = ""
    signed_in: bool = True


def door(
    name: str, permission: str = "", *, signed_in: bool | None = None
) -> Callable[[View[P]], Wrapped[P]]:
    """Put a view behind a door.

    `open` lets everybody in and passes the signed-in actor if there is one; `my` wants a worker's sign-in; `desk` a
    cadre's, with `permission` on any branch (rows are the queries' matter) and the second factor where the
    permission is strong. The view gets `actor` as its second argument. Refusals become pages: 404, 403, a sentence.
    """
    need_sign_in = name != "open" if signed_in is None else signed_in
    label = Door(name, permission, need_sign_in)

    def put(view: View[P]) -> Wrapped[P]:
        @functools.wraps(view)
        def wrapped(
            request: HttpRequest, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            try:
                stop = _stopped(request, actor, label)
                return (
                    stop if stop is not None else view(request, actor, *args, **kwargs)
                )
            except Refused as refusal:
                return refusal_page(request, refusal)

        wrapped.door = label  # type: ignore[attr-defined]
        return wrapped

    return put


def _stopped(
    request: HttpRequest, actor: Actor, label: Door
) -> HttpResponseBase | None:
    if label.signed_in and (not actor.is_signed_in or actor.door != label.name):
        return _ask_to_sign_in(request, label)
    if label.permission:
        actor.require(label.permission)
        if all_permissions()[label.permission].strong and not actor.strong:
            return redirect(
                f"{reverse('access:second_factor')}?{urlencode({'next': request.get_full_path()})}"
            )
    return None


def _ask_to_sign_in(request: HttpRequest, label: Door) -> HttpResponseBase:
    """Send to the door's sign-in page. A form that was being sent is carried along, sealed, and offered again."""
    where = (
        request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    )
    kept = keep_form(request.path, request.POST) if request.method == "POST" else ""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = (
            f"{reverse(SIGN_IN[label.name])}?{urlencode({'next': where})}"
        )
        return answer
    if kept:
        return render(
            request,
            "access/kept.html",
            {"kept": kept, "next": where, "sign_in": reverse(SIGN_IN[label.name])},
            status=401,
        )
    return redirect(f"{reverse(SIGN_IN[label.name])}?{urlencode({'next': where})}")


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a refusal that no form could show at its field."""
    template = {404: "404.html", 403: "403.html"}.get(
        refusal.status, "kit/refused.html"
    )
    context = {
        "sentence": refusal.sentence,
        "code": refusal.code,
        "back": request.META.get("HTTP_REFERER", ""),
    }
    return render(request, template, context, status=refusal.status)

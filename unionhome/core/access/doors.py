"""The four doors. Every view names its door and permission here; a view without a door fails a house test."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from unionhome.core.access.rules import is_somebodys, keep_form, written_texts
from unionhome.core.registry import NEEDS_FACTOR, Actor, NotFound, Refused, all_permissions

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

STEP_UP = "waits_for_factor"
"""Key of the session under which a form waits for the second factor."""
LARGEST_ID = 2**63 - 1
"""No row has a larger number: an address with one is unknown, not an error of the database."""
REFUSED = {403: ("您不能看这一页", "lock"), 404: ("没有这一页", "map-2")}
SIGN_IN = {"desk": "access:sign_in", "my": "access:phone"}


@dataclass(frozen=True, slots=True)
class Door:
    """What the house tests read off a view."""

    name: str
    permission: str = ""
    signed_in: bool = True


def door(name: str, permission: str = "", *, signed_in: bool | None = None) -> Callable[[View[P]], Wrapped[P]]:
    """Put a view behind a door.

    `open` lets everybody in and passes the signed-in actor if there is one; `my` wants a worker's sign-in; `desk` a
    cadre's, with `permission` on any branch (rows are the queries' matter) and the second factor where the
    permission is strong. The view gets `actor` as its second argument. Refusals become pages: 404, 403, a sentence.
    """
    need_sign_in = name != "open" if signed_in is None else signed_in
    label = Door(name, permission, need_sign_in)

    def put(view: View[P]) -> Wrapped[P]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            try:
                stop = _stopped(request, actor, label)
                if stop is not None:
                    return stop
                if any(isinstance(each, int) and each > LARGEST_ID for each in kwargs.values()):
                    raise NotFound()
                return _act(request, lambda: view(request, actor, *args, **kwargs))
            except Refused as refusal:
                if refusal.code == NEEDS_FACTOR and label.name == "desk":
                    return _ask_for_factor(request, label)
                return refusal_page(request, refusal)

        wrapped.door = label  # type: ignore[attr-defined]
        return wrapped

    return put


def _act(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run the view. Where the same form arrived twice at the same moment, the later one waits on the submit key that
    both carry, and then finds what the first one did: once more is enough."""
    try:
        return view()
    except IntegrityError:
        if request.method != "POST" or "submit_key" not in request.POST:
            raise
        for _, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        return view()


def _stopped(request: HttpRequest, actor: Actor, label: Door) -> HttpResponseBase | None:
    if label.signed_in and (not actor.is_signed_in or actor.door != label.name):
        return _ask_to_sign_in(request, label)
    if label.permission:
        actor.require(label.permission)
        if all_permissions()[label.permission].strong and not actor.strong:
            return _ask_for_factor(request, label)
    return None


def _ask_for_factor(request: HttpRequest, label: Door) -> HttpResponse:
    """Send to the second factor. A form that was being sent waits, sealed, in the session and is offered again."""
    if request.method == "POST":
        request.session[STEP_UP] = _keep(request, label)
    return redirect(f"{reverse('access:second_factor')}?{urlencode({'next': request.get_full_path()})}")


def _ask_to_sign_in(request: HttpRequest, label: Door) -> HttpResponseBase:
    """Send to the door's sign-in page. A form that was being sent is carried along, sealed, and offered again."""
    is_act = request.method not in ("GET", "HEAD")
    where = request.path if is_act else request.get_full_path()
    sign_in = reverse(SIGN_IN[label.name])
    if request.method == "POST":
        answer = _not_sent(request, label, sign_in)
        if request.headers.get("HX-Request"):
            answer.status_code = 200
            answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
        return answer
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        # A part of a page asked for itself: leading the whole page away would lose what is being typed on it.
        return HttpResponse("登录已经到期，请重新登录。", status=401)
    return redirect(f"{sign_in}?{urlencode({'next': where})}")


def _not_sent(request: HttpRequest, label: Door, sign_in: str) -> HttpResponse:
    """Say that a form was not sent: it is carried along, sealed, for its sender; where nobody knows whose it is, or it
    is too long to carry, its sentences are shown to be copied."""
    kept = _keep(request, label) if is_somebodys(_sender_of(request), label.name) else ""
    context = {
        "kept": kept,
        "texts": [] if kept else written_texts(request.POST),
        "sign_in": sign_in,
        "door": label.name,
        "had_files": bool(request.FILES),
    }
    return render(request, "access/kept.html", context, status=401)


def _sender_of(request: HttpRequest) -> int | None:
    return request.actor.user_id or getattr(request, "last_user_id", None)  # type: ignore[attr-defined]


def _keep(request: HttpRequest, label: Door) -> str:
    return keep_form(
        request.get_full_path(),
        request.POST,
        door=label.name,
        at=request.actor.at,  # type: ignore[attr-defined]
        user_id=_sender_of(request),
        had_files=bool(request.FILES),
    )


def may_open(actor: Actor, path: str) -> bool:
    """Whether the page at that path lets the actor through its door; rows are the queries' matter."""
    label = _door_at(path.partition("?")[0])
    if label is None or (label.name != actor.door and label.signed_in):
        return False
    return not label.permission or actor.may(label.permission)


def _door_at(path: str) -> Door | None:
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    return getattr(view, "door", None)


def address_of(request: HttpRequest) -> str:
    """The network address to count tries by: the proxy's word where one ends TLS in front, else the peer's."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page of a refusal that no form could show at its field; at the desk its frame and navigation stay."""
    return answer_refused(request, refusal.status, refusal.sentence, code=refusal.code)


def answer_refused(request: HttpRequest, status: int, sentence: str, *, code: str = "") -> HttpResponse:
    """A page that says why not: in the frame of the desk for whoever works there."""
    actor: Actor | None = getattr(request, "actor", None)
    title, icon_name = REFUSED.get(status, ("现在还不能办", "info-circle"))
    context = {"sentence": sentence, "code": code, "title": title, "icon_name": icon_name, "back": _came_from(request)}
    if actor is not None and actor.is_signed_in and actor.door == "desk" and request.path.startswith("/desk/"):
        template = "kit/desk_refused.html"
    else:
        template = {404: "404.html", 403: "403.html"}.get(status, "kit/refused.html")
    return render(request, template, context, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here; "" where it is this one, or somebody else's."""
    came = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    return came if is_ours and came != request.build_absolute_uri() else ""


def put_refusal(form: BaseForm, refusal: Refused) -> int:
    """Put a refusal back onto the form it came from, each sentence at its field; the status of the page to answer."""
    for name, sentence in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not refusal.fields:
        form.add_error(None, refusal.sentence)
    return refusal.status

"""What the sign-in pages share: the browser's session, where to go next, and a form that was kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render

from unionhome.core.access import screens
from unionhome.core.access.actions import Browser
from unionhome.core.access.doors import STEP_UP, address_of
from unionhome.core.access.rules import KeptForm, device_of, is_somebodys, open_kept, safe_next
from unionhome.core.registry import Actor

HOMES = {"desk": "/desk/", "my": "/my/"}


def browser_of(request: HttpRequest) -> Browser:
    """The browser as the sign-in actions want it."""

    def new_key() -> str:
        request.session.flush()
        request.session.create()
        rotate_token(request)
        return request.session.session_key or ""

    return Browser(
        new_key=new_key,
        old_key=request.session.session_key or "",
        device=device_of(request.headers.get("User-Agent", "")),
        address=address_of(request),
    )


def stay_of(request: HttpRequest) -> dict[str, str]:
    """The page to go to after signing in and the kept form, as hidden fields of the sign-in form."""
    return {
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "kept": request.POST.get("kept", ""),
    }


def arrive(request: HttpRequest, actor: Actor, door: str, user_id: int | None = None) -> HttpResponse:
    """After signing in: offer the kept form to its sender again, or go where the sign-in was asked for."""
    stay = stay_of(request)
    kept = open_kept(stay["kept"], door=door, at=actor.at) if stay["kept"] else None
    if kept is not None and _may_send(kept, door, user_id or actor.user_id):
        context = {"kept": kept, "home": HOMES[door], "door": door, "words": screens.kept_words(kept)}
        return render(request, "access/resume.html", context)
    if stay["kept"]:
        messages.warning(request, "刚才填写的内容不是这个账号的，或者已经超过一天，没有带过来。")
    return HttpResponseRedirect(safe_next(stay["next"], HOMES[door]))


def _may_send(kept: KeptForm, door: str, user_id: int | None) -> bool:
    """Its sender only, or anybody whom `is_somebodys` allows to take up what a visitor wrote."""
    return kept.user_id == user_id or (kept.user_id is None and is_somebodys(None, door))


def go_on(request: HttpRequest, actor: Actor, target: str) -> HttpResponse:
    """After the second factor: offer the form that asked for it again, as it was, or go where it was asked for."""
    text = request.session.pop(STEP_UP, "")
    kept = open_kept(text, door="desk", at=actor.at) if text else None
    if kept is not None and (kept.user_id, kept.path) == (actor.user_id, target):
        context = {"kept": kept, "home": HOMES["desk"], "door": "desk", "has_confirmed": True}
        return render(request, "access/resume.html", context)
    return HttpResponseRedirect(target)

"""One's own account: sessions, password, second factor, tokens."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from unionhome.core.access import actions, queries
from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.forms import PasswordForm, TokenForm
from unionhome.core.registry import Actor, Refused, all_permissions


@door("desk")
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A cadre's own account."""
    return _account_page(request, actor)


def _account_page(
    request: HttpRequest, actor: Actor, *, form: PasswordForm | None = None, status: int = 200
) -> HttpResponse:
    user = queries.get_self(actor)
    context = {
        "user": user,
        "sessions": queries.list_own_sessions(actor, request.session.session_key or ""),
        "idle_minutes": settings.IDLE_MINUTES_DESK,
        "form": form or PasswordForm(),
        "password_days": settings.PASSWORD_DAYS,
        "grants": queries.list_open_grants(user.pk, actor.at),
        "token_count": queries.list_tokens(actor).count(),
        "phone": queries.find_own_masked_phone(actor),
    }
    return render(request, "access/account.html", context, status=status)


@require_POST
@door("desk")
def change_password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Change the own password."""
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _account_page(request, actor, form=form, status=400)
    try:
        actions.set_password(actor, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except Refused as refusal:
        return _account_page(request, actor, form=form, status=put_refusal(form, refusal))
    messages.success(request, "密码已经改好，下次登录用新密码。")
    return redirect("access:account")


@door("my")
def my_account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A worker's own account."""
    context = {
        "sessions": queries.list_own_sessions(actor, request.session.session_key or ""),
        "phone": queries.find_own_masked_phone(actor),
    }
    return render(request, "access/my_account.html", context)


def _end_session(request: HttpRequest, actor: Actor, sign_in_id: int) -> None:
    actions.end_own_session(actor, sign_in_id)
    messages.success(request, "那一处登录已经结束。")


def _end_others(request: HttpRequest, actor: Actor) -> None:
    count = actions.end_other_sessions(actor, request.session.session_key or "")
    messages.success(request, f"其他{count}处登录都已经结束。" if count else "没有别的地方登录。")


@require_POST
@door("desk")
def end_session(request: HttpRequest, actor: Actor, sign_in_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    _end_session(request, actor, sign_in_id)
    return redirect("access:account")


@require_POST
@door("desk")
def end_others(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End every session but this one."""
    _end_others(request, actor)
    return redirect("access:account")


@require_POST
@door("my")
def end_my_session(request: HttpRequest, actor: Actor, sign_in_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    _end_session(request, actor, sign_in_id)
    return redirect("access:my_account")


@require_POST
@door("my")
def end_my_others(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End every session but this one."""
    _end_others(request, actor)
    return redirect("access:my_account")


def _permissions(actor: Actor) -> list[tuple[str, str]]:
    """What the actor may hand to a program: what is held and no act in person."""
    return [
        (permission.name, permission.label)
        for permission in all_permissions().values()
        if actor.may(permission.name) and permission.is_for_programs
    ]


@door("desk")
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own API tokens; a new one is shown once, on the page that answers its making."""
    choices = _permissions(actor)
    form, status, text = TokenForm(request.POST or None, permissions=choices), 200, ""
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _, text = actions.create_token(actor, **form.cleaned_data)
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                if not text:
                    return redirect("access:tokens")
                form, status = TokenForm(permissions=choices), 200
    labels = dict(choices)
    rows = [(row, [labels.get(name, "已没有的权限") for name in row.permissions]) for row in queries.list_tokens(actor)]
    context = {"form": form, "rows": rows, "text": text, "now": actor.at, "may": bool(choices)}
    return render(request, "access/tokens.html", context, status=status)


@require_POST
@door("desk")
def end_token(request: HttpRequest, actor: Actor, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    actions.end_token(actor, token_id)
    messages.success(request, "密钥已经停用，用它的程序再也连不上。")
    return redirect("access:tokens")

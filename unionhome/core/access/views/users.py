"""Accounts, for the system administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from unionhome.core.access import actions, queries
from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.forms import ChangeUserForm, NewUserForm, ReasonForm
from unionhome.core.access.models import User
from unionhome.core.registry import Actor, Refused

MANAGE = "access.manage_users"
PAGE = 50


@door("desk", MANAGE)
def users(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The accounts of the branch."""
    text = request.GET.get("q", "").strip()
    page = Paginator(queries.list_users(actor, text, permission=MANAGE), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/users.html", {"page": page, "text": text, "now": actor.at})


@door("desk", MANAGE)
def create_user(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open an account; its first password is shown once, on the page that answers."""
    form, status = NewUserForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                facts = dict(form.cleaned_data)
                node = queries.get_union(actor, facts.pop("union"), MANAGE)
                user, password = actions.open_account(actor, node=node, **facts)
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                if password:
                    return _handed_over(request, actor, user, password, is_new=True)
                return redirect("access:user", user.pk)
    return render(request, "access/new_user.html", {"form": form}, status=status)


def _handed_over(request: HttpRequest, actor: Actor, row: User, password: str, *, is_new: bool) -> HttpResponse:
    context = {"user": row, "password": password, "new": is_new, "may_grant": actor.may("access.grant")}
    return render(request, "access/handed_over.html", context)


@door("desk", MANAGE)
def user(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """One account: facts, what may be done with it, and its last journal entries."""
    return _user_page(request, actor, user_id)


def _user_page(
    request: HttpRequest, actor: Actor, user_id: int, *, form: ChangeUserForm | None = None, status: int = 200
) -> HttpResponse:
    row = queries.get_user(actor, user_id, MANAGE)
    union = f"{row.node.code} {row.node.name}" if row.node else ""
    context = {
        "user": row,
        "form": form or ChangeUserForm(initial={"name": row.name, "post": row.post, "union": union}),
        "reason_form": ReasonForm(),
        "grants": queries.list_open_grants(row.pk, actor.at),
        "entries": queries.list_user_entries(row),
        "now": actor.at,
        "own": row.pk == actor.user_id,
        "is_locked": row.locked_until is not None and row.locked_until > actor.at,
    }
    return render(request, "access/user.html", context, status=status)


@require_POST
@door("desk", MANAGE)
def change_user(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Change name, post and union."""
    form = ChangeUserForm(request.POST)
    if not form.is_valid():
        return _user_page(request, actor, user_id, form=form, status=400)
    try:
        node = queries.get_union(actor, form.cleaned_data["union"], MANAGE)
        actions.change_user(actor, user_id, name=form.cleaned_data["name"], post=form.cleaned_data["post"], node=node)
    except Refused as refusal:
        return _user_page(request, actor, user_id, form=form, status=put_refusal(form, refusal))
    messages.success(request, "资料已经改好。")
    return redirect("access:user", user_id)


@require_POST
@door("desk", MANAGE)
def stop_user(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Stop an account."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有停用：请写明原因。")
        return redirect("access:user", user_id)
    row = actions.stop_user(actor, user_id, reason=form.cleaned_data["reason"])
    messages.success(request, f"账号{row.username}已经停用，它的登录都已结束。")
    return redirect("access:user", user_id)


@require_POST
@door("desk", MANAGE)
def reopen_user(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Let a stopped account sign in again."""
    row = actions.reopen_user(actor, user_id)
    messages.success(request, f"账号{row.username}可以登录了。")
    return redirect("access:user", user_id)


@require_POST
@door("desk", MANAGE)
def unlock_user(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Lift a lock-out."""
    row = actions.unlock_user(actor, user_id)
    messages.success(request, f"账号{row.username}已经解锁。")
    return redirect("access:user", user_id)


@require_POST
@door("desk", MANAGE)
def reset_factor(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Take the second factor off."""
    row = actions.reset_factor(actor, user_id)
    messages.success(request, f"{row.username}的动态口令已经解除，本人下次要用时重新绑定。")
    return redirect("access:user", user_id)


@require_POST
@door("desk", MANAGE)
def reset_password(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Make a new password, shown once on the page that answers."""
    password = actions.reset_password(actor, user_id)
    row = queries.get_user(actor, user_id, MANAGE)
    return _handed_over(request, actor, row, password, is_new=False)


@door("desk")
def unions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Unions of the actor's branch as choices of a text field."""
    permission = "access.grant" if actor.may("access.grant") else MANAGE
    text = request.GET.get("union", "").strip()
    found = queries.list_unions(actor, text, permission)[:20] if actor.may(permission) else []
    return render(request, "access/unions.html", {"unions": found})

"""Grants, for the security administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from unionhome.core.access import actions, queries
from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.forms import GrantForm, ReasonForm
from unionhome.core.registry import ROLES, Actor, Refused

GRANT = "access.grant"
PAGE = 50


@door("desk", GRANT)
def grants(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The grants that hold, or will hold, on the branch."""
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    rows = queries.list_grants(actor, text=text, role=role if role in ROLES else "")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "role": role, "roles": ROLES.values(), "user_id": actor.user_id}
    return render(request, "access/grants.html", context)


@door("desk", GRANT)
def grant_role(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give an account a role on a branch."""
    today = timezone.localdate(actor.at)
    form, status = GrantForm(request.POST or None, today=today, initial={"username": request.GET.get("user", "")}), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                facts = dict(form.cleaned_data)
                user = queries.get_cadre(actor, facts.pop("username"), GRANT)
                node = queries.get_union(actor, facts.pop("union"), GRANT)
                grant = actions.grant_role(actor, user, facts.pop("role"), node, **facts)
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                messages.success(request, f"已授予{user.name}“{ROLES[grant.role].label}”，范围{node.name}。")
                return redirect("access:user_grants", user.pk)
    return render(request, "access/new_grant.html", {"form": form}, status=status)


@door("desk", GRANT)
def user_grants(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """What one account has and had."""
    user = queries.get_user(actor, user_id, GRANT)
    context = {
        "user": user,
        "grants": queries.list_user_grants(user),
        "today": timezone.localdate(actor.at),
        "own": user.pk == actor.user_id,
    }
    return render(request, "access/user_grants.html", context)


@require_POST
@door("desk", GRANT)
def end_grant(request: HttpRequest, actor: Actor, grant_id: int) -> HttpResponse:
    """Take a role back from today on."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    grant = actions.end_grant(actor, grant_id, reason=reason)
    messages.success(request, f"已收回{grant.user.name}的“{ROLES[grant.role].label}”。")
    return redirect("access:user_grants", grant.user_id)

"""Signing in at the desk, signing out, and the second factor."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from unionhome.core.access import actions, queries
from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.forms import FactorForm, RenewForm, SignInForm
from unionhome.core.access.rules import safe_next, secret_text, secret_uri
from unionhome.core.access.views.browsers import HOMES, arrive, browser_of, go_on, stay_of
from unionhome.core.registry import Actor, Refused
from unionhome.kit.qr import qr_svg


@door("open")
def sign_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name and password. A form kept from before arrives here by POST without a name."""
    if request.method != "POST" or "username" not in request.POST:
        if actor.door == "desk" and actor.is_signed_in:
            return arrive(request, actor, "desk")
        return _sign_in_page(request, SignInForm(initial=stay_of(request)))
    renewing = "new" in request.POST
    form = RenewForm(request.POST) if renewing else SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, 400)
    try:
        row = actions.sign_in(
            actor,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            browser=browser_of(request),
            renewed=form.cleaned_data.get("new", ""),
        )
    except Refused as refusal:
        if refusal.code == "password-expired":
            form = RenewForm(initial={**stay_of(request), "username": form.cleaned_data["username"]})
            return _sign_in_page(request, form, 409)
        return _sign_in_page(request, form, put_refusal(form, refusal))
    return arrive(request, actor, "desk", row.user_id)


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "renewing": isinstance(form, RenewForm), "demo": settings.DEMO}
    return render(request, "access/sign_in.html", context, status=status)


@require_POST
@door("open")
def sign_out(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End this session and its cookie."""
    if actor.is_signed_in:
        actions.end_session(actor, request.session.session_key or "")
    request.session.flush()
    messages.success(request, "已经退出登录。")
    return redirect("access:sign_in" if actor.door == "desk" else "access:phone")


@door("desk")
def second_factor(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The code from the authenticator, asked where a page needs it."""
    target = safe_next(request.POST.get("next") or request.GET.get("next", ""), reverse("access:account"))
    if not queries.get_self(actor).has_factor:
        return redirect(f"{reverse('access:enrol_factor')}?{urlencode({'next': target})}")
    form = FactorForm(request.POST or None, initial={"next": target})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.verify_factor(actor, form.cleaned_data["code"], request.session.session_key or "")
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                return go_on(request, actor, target)
    context = {"form": form, "next": target, "home": HOMES["desk"], "demo_code": queries.find_demo_code(actor)}
    return render(request, "access/second_factor.html", context, status=status)


@door("desk")
def enrol_factor(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bind an authenticator: start, scan or type the secret, confirm with a first code."""
    target = safe_next(request.POST.get("next") or request.GET.get("next", ""), reverse("access:account"))
    form = FactorForm(initial={"next": target})
    status = 200
    if request.method == "POST":
        if "code" not in request.POST:
            actions.enrol_factor(actor)
            return redirect(f"{reverse('access:enrol_factor')}?{urlencode({'next': target})}")
        form, status = FactorForm(request.POST), 400
        if form.is_valid():
            try:
                actions.confirm_factor(actor, form.cleaned_data["code"], request.session.session_key or "")
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                messages.success(request, "动态口令已经绑定。换手机前请先在这里更换。")
                return go_on(request, actor, target)
    user = queries.get_self(actor)
    secret = queries.find_pending_secret(actor)
    context = {
        "form": form,
        "next": target,
        "has_factor": user.has_factor,
        "secret": secret_text(secret) if secret else "",
        "qr": _qr(secret, user.username or user.name) if secret else "",
    }
    return render(request, "access/enrol_factor.html", context, status=status)


def _qr(secret: bytes, account: str) -> str:
    svg = qr_svg(secret_uri(secret, account, settings.SITE_NAME), title="动态口令绑定码")
    return mark_safe(svg)  # noqa: S308  # nosec B308 B703  # drawn by the kit from our own text

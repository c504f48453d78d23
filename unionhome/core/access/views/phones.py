"""Workers sign in with phone and code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from unionhome.core.access import actions
from unionhome.core.access.actions import SentCode, Unproved
from unionhome.core.access.doors import address_of, door, put_refusal
from unionhome.core.access.forms import CodeForm, DocumentForm, PhoneForm
from unionhome.core.access.rules import DOCUMENT_TAIL
from unionhome.core.access.views.browsers import arrive, browser_of, stay_of
from unionhome.core.registry import Actor, Refused
from unionhome.kit.codes import mask_phone


@door("open")
def phone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The phone number. A form kept from before arrives here by POST without a number."""
    if request.method != "POST" or "phone" not in request.POST:
        if actor.door == "my" and actor.is_signed_in:
            return arrive(request, actor, "my")
        return _phone_page(request, PhoneForm(initial=stay_of(request)))
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, form, 400)
    try:
        sent = actions.send_code(actor, form.cleaned_data["phone"], address=address_of(request))
    except Refused as refusal:
        return _phone_page(request, form, put_refusal(form, refusal))
    return _code_page(request, CodeForm(initial={**stay_of(request), "phone": sent.phone}), sent)


def _phone_page(request: HttpRequest, form: PhoneForm, status: int = 200) -> HttpResponse:
    return render(request, "access/phone.html", {"form": form, "demo": settings.DEMO, "home": "/"}, status=status)


@door("open")
def code(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The code from the message; the account is opened at the first time."""
    if request.method != "POST":
        return redirect("access:phone")
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, None, 400)
    try:
        entered = actions.sign_in_by_code(
            actor, phone=form.cleaned_data["phone"], code=form.cleaned_data["code"], browser=browser_of(request)
        )
    except Refused as refusal:
        return _code_page(request, form, None, put_refusal(form, refusal))
    if isinstance(entered, Unproved):
        return _document_page(request, DocumentForm(initial={**stay_of(request), "proof": entered.proof}))
    return arrive(request, actor, "my", entered.user_id)


@door("open")
def document(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether it is really the person whom the register has under that phone; "skip" signs in without."""
    if request.method != "POST":
        return redirect("access:phone")
    form = DocumentForm(request.POST)
    try:
        if "skip" in request.POST:
            row = actions.enter_unproved(actor, proof=request.POST.get("proof", ""), browser=browser_of(request))
        elif form.is_valid():
            row = actions.prove_document(
                actor, proof=form.cleaned_data["proof"], tail=form.cleaned_data["tail"], browser=browser_of(request)
            )
        else:
            return _document_page(request, form, 400)
    except Refused as refusal:
        return _document_page(request, form, put_refusal(form, refusal))
    return arrive(request, actor, "my", row.user_id)


def _document_page(request: HttpRequest, form: DocumentForm, status: int = 200) -> HttpResponse:
    return render(request, "access/document.html", {"form": form, "signs": DOCUMENT_TAIL}, status=status)


def _code_page(request: HttpRequest, form: CodeForm, sent: SentCode | None, status: int = 200) -> HttpResponse:
    number = str(form["phone"].value() or "")
    context = {"form": form, "sent": sent, "masked": mask_phone(number), "minutes": settings.CODE_MINUTES}
    return render(request, "access/code.html", context, status=status)

"""Whose account a phone opens: the register is asked, and a first binding is proved with the identity document."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from unionhome.core.access.actions.accounts import find_or_create_worker, link_person
from unionhome.core.access.actions.limits import clear_attempts, limit
from unionhome.core.access.actions.sessions import Browser, end_sessions_of, start_session
from unionhome.core.access.models import PhoneCode, SignIn, User
from unionhome.core.access.rules import DOCUMENT_TAIL, PHONE_FIELD, PROOF_FIELD
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Refused, discover, resolve
from unionhome.kit import crypto
from unionhome.kit.codes import mask_phone

BY_PERSON = "access.document"
TRIES, TRIES_MINUTES = 5, 24 * 60
PROOF_FOR = timedelta(minutes=10)
WRONG = "和工会登记的证件号码对不上，请再看一看。"


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Whom the register knows. Rooms above name functions in `handlers`: `PERSON_FINDERS` (phone -> FoundPerson |
    None) and `PERSON_KEEPERS` (person id -> FoundPerson | None), dotted paths.

    `phone` is the register's number, `document` the number of the identity document; neither is ever shown.
    """

    person_id: int
    name: str
    phone: str = field(default="", repr=False)
    document: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Unproved:
    """The phone's code was right, but the person behind the phone has still to be proved: `proof` carries it on."""

    proof: str = field(repr=False)
    phone: str


def find_person(phone: str) -> FoundPerson | None:
    """Ask the rooms above who that phone belongs to; the register answers at once, so that the first page is right."""
    finders: list[Callable[[str], FoundPerson | None]] = [
        resolve(each) for each in discover("handlers", "PERSON_FINDERS")
    ]
    return next((person for find in finders if (person := find(phone)) is not None), None)


def _find_kept(person_id: int) -> FoundPerson | None:
    keepers: list[Callable[[int], FoundPerson | None]] = [
        resolve(each) for each in discover("handlers", "PERSON_KEEPERS")
    ]
    return next((person for find in keepers if (person := find(person_id)) is not None), None)


def find_bound(actor: Actor, phone: str) -> User | None:
    """The account that the phone opens without a further question; None where there is none or not any more.

    A phone that is no longer its person's (the register has another) is taken off the account here: whoever has the
    number now may be a stranger. Raises Refused where the account was stopped.
    """
    user = _find_account(phone)
    if user is None:
        return None
    if not user.is_active:
        raise Refused("这个账号已经停用，请联系本级工会。", "stopped")
    if user.person_id is None:
        return None
    kept = _find_kept(user.person_id)
    if kept is not None and kept.phone not in ("", phone):
        _release(actor, user, "登记的手机号码已经换了，原号码不再能登录")
        return None
    return user


def _find_account(phone: str) -> User | None:
    index = crypto.blind(phone, field=PHONE_FIELD)
    return User.objects.select_for_update(of=("self",)).select_related("node").filter(phone_index=index).first()


def _release(actor: Actor, user: User, why: str) -> None:
    user.phone_sealed, user.phone_index = None, None
    user.save(update_fields=["phone_sealed", "phone_index"])
    end_sessions_of(actor, user, "released")
    record(actor, "access.phone.released", node=user.node, about=user, subject_id=user.person_id, summary=why)


@transaction.atomic
def release_phone(actor: Actor, person_id: int) -> bool:
    """Take the phone off the account of a person and end its sessions; False where no phone is bound.

    The account keeps what is its person's; the register's number opens it again after the document was proved.
    For the members room, which asks for the permission.
    """
    rows = User.objects.select_for_update(of=("self",)).select_related("node")
    user = rows.filter(person_id=person_id, phone_index__isnull=False).first()
    if user is None:
        return False
    _release(actor, user, "工会解除手机绑定")
    return True


def ask_for_proof(actor: Actor, phone: str, person: FoundPerson) -> Unproved:
    """What the page that asks for the document carries: it holds ten minutes and for one sign-in."""
    index = crypto.blind(phone, field=PHONE_FIELD)
    code = PhoneCode.objects.filter(phone_index=index, used_at__isnull=False).latest("id")
    facts = {"code": code.pk, "phone": phone, "person": person.person_id, "at": actor.at.isoformat()}
    return Unproved(crypto.seal(json.dumps(facts), field=PROOF_FIELD).hex(), phone)


@dataclass(frozen=True, slots=True)
class _Proof:
    code_id: int
    phone: str
    person_id: int


def _open(actor: Actor, proof: str) -> _Proof:
    try:
        facts = json.loads(crypto.open_sealed(bytes.fromhex(proof), field=PROOF_FIELD))
    except (ValueError, crypto.CryptoError):
        raise _over() from None
    opened = _Proof(facts["code"], facts["phone"], facts["person"])
    waits = PhoneCode.objects.filter(pk=opened.code_id, used_at__isnull=False)
    if actor.at - datetime.fromisoformat(facts["at"]) > PROOF_FOR or not waits.exists():
        raise _over()
    return opened


def _over() -> Refused:
    return Refused("核对的时间已经过了，请重新获取验证码。", "proof-over")


def _use_up(proof: _Proof) -> None:
    """The code's row stands for the proof: gone, the same page does not sign in again."""
    if not PhoneCode.objects.filter(pk=proof.code_id).delete()[0]:
        raise _over()


def prove_document(actor: Actor, *, proof: str, tail: str, browser: Browser) -> SignIn:
    """Bind the phone to its person with the last signs of the identity document, and sign in.

    Raises BadInput where they are wrong, TooMany after five tries a day, Refused where the proof has run out. Tries
    are counted and journaled although the call raises: call it outside a transaction.
    """
    opened = _open(actor, proof)
    limit(actor, BY_PERSON, str(opened.person_id), TRIES, TRIES_MINUTES)
    with transaction.atomic():
        sign_in = _prove(actor, opened, tail.strip().upper(), browser)
    if sign_in is None:
        raise BadInput(WRONG, "wrong-document", fields={"tail": WRONG})
    return sign_in


def _prove(actor: Actor, proof: _Proof, tail: str, browser: Browser) -> SignIn | None:
    person = _find_kept(proof.person_id)
    if person is None or person.phone != proof.phone:
        raise _over()
    right = person.document[-DOCUMENT_TAIL:].upper()
    if not right or not secrets.compare_digest(right.encode(), tail.encode()):
        summary = f"手机{mask_phone(proof.phone)}登录时证件号码没有对上"
        record(actor, "access.document.refused", subject_id=person.person_id, summary=summary)
        return None
    _use_up(proof)
    clear_attempts(actor, BY_PERSON, str(proof.person_id))
    return start_session(
        actor, _bind(actor, proof.phone, person), door="my", browser=browser, how="手机验证码，核对了证件号码"
    )


def _bind(actor: Actor, phone: str, person: FoundPerson) -> User:
    """The person's account under that phone: the account moves to a new phone, where the phone has none of its own."""
    holder = User.objects.select_for_update(of=("self",)).select_related("node").filter(person_id=person.person_id)
    mine, other = holder.first(), _find_account(phone)
    if mine is None or other is not None:
        if mine is not None and mine.phone_index:
            _release(actor, mine, "本人换了手机号码，原号码不再能登录")
        user = other or find_or_create_worker(actor, phone, name=person.name)
        return link_person(actor, user, person.person_id, name=person.name)
    if not mine.is_active:
        raise Refused("这个账号已经停用，请联系本级工会。", "stopped")
    mine.phone_sealed = crypto.seal(phone, field=PHONE_FIELD)
    mine.phone_index = crypto.blind(phone, field=PHONE_FIELD)
    mine.save(update_fields=["phone_sealed", "phone_index"])
    end_sessions_of(actor, mine, "released")
    summary = f"本人换了手机号码，账号改用{mask_phone(phone)}登录"
    record(actor, "access.phone.bound", node=mine.node, about=mine, subject_id=person.person_id, summary=summary)
    return mine


@transaction.atomic
def enter_unproved(actor: Actor, *, proof: str, browser: Browser) -> SignIn:
    """Sign the phone in without binding it to the person: the number may have passed to somebody else."""
    opened = _open(actor, proof)
    _use_up(opened)
    user = find_or_create_worker(actor, opened.phone)
    return start_session(actor, user, door="my", browser=browser, how="手机验证码，没有核对证件")

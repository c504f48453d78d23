"""How the register seals and finds what must not stand in clear. Field names are part of the seal: never change one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from unionhome.kit import crypto
from unionhome.kit.codes import DocumentKind

DOCUMENT = "members.person.document"
PHONE = "members.person.phone"
ADDRESS = "members.person.address"
TAIL = "members.person.tail"
PHONE_TAIL = "members.person.phone_tail"
APPLICATION = "members.application.facts"
CORRECTION = "members.correction.value"
MERGE = "members.merge.before"
NATIONAL = "members.national.row"
LOT = "members.roster.lot"
CARD = "members.card"
CARD_CHECK = 10
INDEX, TAIL_INDEX = 32, 16
"""Hex digits kept of a blind index: 128 bits tell all people apart, 64 the ten thousand tails. A register of millions
touches a page of each index for every row it takes in: the shorter they are, the fewer pages there are."""

Blob = bytes | bytearray | memoryview


def document_index(kind: str, number: str) -> str:
    """Blind index of a document: one number under two kinds is two documents."""
    return crypto.blind(f"{kind!s}:{number}", field=DOCUMENT)[:INDEX]


def document_indexes(number: str) -> list[str]:
    """The indexes the number would have under any kind, for a search that does not know it."""
    return [document_index(kind, number) for kind in DocumentKind]


def phone_index(phone: str) -> str:
    """Blind index of a mobile number; "" for none."""
    return crypto.blind(phone, field=PHONE)[:INDEX] if phone else ""


def tail_index(tail: str) -> str:
    """Blind index of the last four signs of a document."""
    return crypto.blind(tail.upper(), field=TAIL)[:TAIL_INDEX]


def phone_tail_index(phone: str) -> str:
    """Blind index of the last four digits of a phone; "" for none."""
    return crypto.blind(phone[-4:], field=PHONE_TAIL)[:TAIL_INDEX] if phone else ""


def document_fields(kind: str, number: str) -> dict[str, object]:
    """The columns of `Person` that hold a document."""
    return {
        "document_kind": kind,
        "document_sealed": crypto.seal(number, field=DOCUMENT),
        "document_index": document_index(kind, number),
        "document_tail_index": tail_index(number[-4:]),
    }


def phone_fields(phone: str) -> dict[str, object]:
    """The columns of `Person` that hold a phone."""
    return {
        "phone_sealed": crypto.seal(phone, field=PHONE) if phone else None,
        "phone_index": phone_index(phone),
        "phone_tail_index": phone_tail_index(phone),
    }


def address_fields(address: str) -> dict[str, object]:
    """The column of `Person` that holds an address."""
    return {"address_sealed": crypto.seal(address, field=ADDRESS) if address else None}


def open_text(blob: Blob | None, field: str) -> str:
    """What was sealed for the field, "" for nothing."""
    return crypto.open_sealed(blob, field=field) if blob else ""


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What an application keeps sealed until a union agrees."""

    document: str
    phone: str


def seal_sent(facts: SentFacts) -> bytes:
    """Seal the document and phone of an application."""
    text = json.dumps({"document": facts.document, "phone": facts.phone})
    return crypto.seal(text, field=APPLICATION)


def open_sent(blob: Blob) -> SentFacts:
    """The document and phone of an application."""
    facts: Mapping[str, str] = json.loads(crypto.open_sealed(blob, field=APPLICATION))
    return SentFacts(facts["document"], facts["phone"])


def card_number(root_code: str, person_id: int) -> str:
    """Sixteen digits: the federation's six, nine of the person, and the check digit of bank cards."""
    body = f"{root_code[:6]:0<6}{person_id:09d}"
    return body + str(_luhn(body))


def card_owner(root_code: str, card_no: str) -> int | None:
    """The person for whom `card_number` makes this number; None for a number made elsewhere."""
    if len(card_no) != 16 or not (card_no.isascii() and card_no.isdigit()):
        return None
    person_id = int(card_no[6:15])
    return person_id if card_number(root_code, person_id) == card_no else None


_PLAIN = {str(digit): digit for digit in range(10)}
_DOUBLED = {str(digit): digit * 2 - 9 * (digit > 4) for digit in range(10)}


@lru_cache(maxsize=4096)
def _luhn_part(digits: str) -> int:
    return sum(map(_DOUBLED.__getitem__, digits[::-2])) + sum(map(_PLAIN.__getitem__, digits[-2::-2]))


def _luhn(body: str) -> int:
    """By fours from the right, which recur: a city has cards by the hundred thousand."""
    return -(_luhn_part(body[-4:]) + _luhn_part(body[-8:-4]) + _luhn_part(body[:-8])) % 10


def mask_card(card_no: str) -> str:
    """6105 0000 **** 2290: in fours, the third covered."""
    fours = [card_no[start : start + 4] for start in range(0, len(card_no), 4)]
    if len(fours) > 2:
        fours[2] = "*" * len(fours[2])
    return " ".join(fours)


def card_code(card_no: str) -> str:
    """What the QR code of a card carries: the number and a keyed check, so that nobody can make up another's."""
    return f"{card_no}-{crypto.blind(card_no, field=CARD)[:CARD_CHECK]}"


def read_card_code(code: str) -> str:
    """The card number of a code that this deployment made; "" for any other."""
    card_no, _, _ = code.partition("-")
    return card_no if card_no and card_code(card_no) == code else ""


PUBLIC = "members.person.public_id"
ROUNDS = 4
HALF = 0xFFFFFFFF


def public_id(person_id: int) -> str:
    """Sixteen hex digits for programs: stable, different for every person, and telling neither order nor number."""
    left, right = person_id >> 32, person_id & HALF
    for turn in range(ROUNDS):
        left, right = right, left ^ _turned(turn, right)
    return f"{left << 32 | right:016x}"


def read_public_id(text: str) -> int | None:
    """The person's id behind `public_id`; None for what cannot be one."""
    if len(text) != 16 or set(text) - set("0123456789abcdef"):
        return None
    whole = int(text, 16)
    left, right = whole >> 32, whole & HALF
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _turned(turn, left), left
    person_id = left << 32 | right
    return person_id if person_id < 1 << 62 else None


def _turned(turn: int, half: int) -> int:
    return int(crypto.blind(f"{turn}:{half}", field=PUBLIC)[:8], 16)

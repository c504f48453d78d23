"""What those whom a case concerns are told of it: the applicant, and the union whose turn it has become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.access.queries import list_holders, list_stood_in
from unionhome.core.cases import queries
from unionhome.core.cases.actions.opening import receipt_of
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import PHONE_FIELD
from unionhome.core.journal.models import Entry
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit import crypto

FRESH = timedelta(days=1)
"""What happened longer ago is no news: told late, it would only confuse."""
NAME_LENGTH = 30


def _is_open(case: Case, entry: Entry) -> bool:
    return case.ended_on is None


def _is_over(case: Case, entry: Entry) -> bool:
    return case.ended_on is not None


def _is_over_unrated(case: Case, entry: Entry) -> bool:
    return case.closed_at is not None and not case.rating


@dataclass(frozen=True, slots=True)
class News:
    """What the applicant is told of one act, and whether it still holds when the message is written. Short: a text
    message costs by its length."""

    kind: str
    text: str
    holds: Callable[[Case, Entry], bool] = _is_open


APPLICANT: Mapping[str, News] = {
    "opened": News("cases.received", "{what}{number}已收到，由{union}办理。"),
    "arrive_recorded": News(
        "cases.arrived",
        "{union}已和您联系，{what}{number}正在办理。",
        lambda case, entry: case.ended_on is None and bool(entry.data.get("first")),
    ),
    "replied": News("cases.replied", "{union}答复了您的{what}{number}。"),
    "paused": News(
        "cases.asked", "{what}{number}需要您补充材料，补上就接着办。", lambda case, entry: case.state == "paused"
    ),
    "referred": News("cases.passed_on", "{what}{number}已转由{union}办理。"),
    "rerouted": News("cases.passed_on", "{what}{number}已转由{union}办理。"),
    "handed_over": News("cases.passed_on", "{what}{number}已移交{whom}，工会接着盯。"),
    "heard_back": News("cases.replied", "{whom}{heard}。{what}{number}请看进度。"),
    "escalated": News(
        "cases.climbed",
        "{what}{number}超过时限，已升级到{told}。",
        lambda case, entry: case.raised_to_id == entry.node_id,
    ),
    "proposed": News(
        "cases.proposed", "{what}{number}办好了，请您看结果、作评价。", lambda case, entry: case.state == "proposed"
    ),
    "passed": News("cases.closed", "{what}{number}已办结，您仍可评价。", _is_over_unrated),
    "lapsed": News("cases.closed", "{what}{number}已办结，您仍可评价。", _is_over_unrated),
    "expired": News(
        "cases.closed", "{what}{number}已办结，您仍可评价。", lambda case, entry: case.closed_at is not None
    ),
}


@transaction.atomic
def tell_of_case(actor: Actor, entry: Entry) -> int:
    """Write the messages of one act on a case; how many are new. Nothing where it is no news any more."""
    if actor.at - entry.at > FRESH:
        return 0
    case = Case.objects.select_related("node", "raised_to").filter(pk=entry.object_id or 0).first()
    if case is None:
        return 0
    verb = entry.kind.rpartition(".")[2]
    told = _tell_applicant(actor, case, entry, verb) + _tell_union(actor, case, entry, verb)
    if verb in queries.get_kind(case.kind).endings:
        told += sum(_tell_applicant(actor, each, entry, verb) for each in queries.list_told_with(case))
    return told


def _tell_applicant(actor: Actor, case: Case, entry: Entry, verb: str) -> int:
    kind = queries.get_kind(case.kind)
    ending = kind.endings.get(verb)
    news = News("cases.ended", ending, _is_over) if ending else APPLICANT.get(verb)
    if news is None or not news.holds(case, entry):
        return 0
    text = news.text.format(
        what=kind.title,
        number=case.number,
        union=_short(case.node),
        told=_short(case.raised_to or case.node),
        whom=str(entry.data.get("authority", ""))[:NAME_LENGTH],
        heard=entry.data.get("answer", ""),
    )
    return tell_applicant(actor, case, entry, news.kind, text)


def tell_applicant(actor: Actor, case: Case, entry: Entry, kind: str, text: str) -> int:
    """Write a message to the applicant by the rules of the own matters; how many ways are new. For what services tell
    of their own; `kind` is a declared one, `text` holds no personal data."""
    phone = crypto.open_sealed(bytes(case.phone_sealed), field=PHONE_FIELD) if case.phone_sealed else ""
    account = queries.find_applicant_account(case, phone)
    beside = account is None or get_value("cases.sms_beside_account", timezone.localdate(actor.at), case.node)
    message = Message(
        kind,
        text,
        case.node,
        link=reverse("cases:own", args=[case.pk]),
        secret_link=_receipt_link(case),
        about=case,
        entry=entry,
        hidden_path=case.hidden_path,
    )
    receiver = Receiver(account.pk if account else None, "my", phone=phone if beside else "")
    return notify(actor, message, [receiver], key=f"entry-{entry.pk}")


def _short(node: Node) -> str:
    return node.name[:NAME_LENGTH]


def _receipt_link(case: Case) -> str:
    """The address that opens the matter without an account; none where its receipt was shown once and is not kept."""
    if not (settings.PUBLIC_URL and case.submit_key):
        return ""
    return settings.PUBLIC_URL + reverse("cases:receipt", args=[receipt_of(case.submit_key)])


def _tell_union(actor: Actor, case: Case, entry: Entry, verb: str) -> int:
    """Tell those at the desk when an urgent matter has come to their union, or one has climbed to it."""
    if case.ended_on is not None:
        return 0
    what = queries.get_kind(case.kind).title
    if verb == "opened" and case.appeal_of_id is not None:
        text = f"职工申诉，{what}{case.number}交{_short(case.node)}办理。"
        return _tell_desk(actor, case, entry, case.node, "cases.appealed", text)
    if verb in ("opened", "referred", "rerouted") and case.is_urgent:
        return _tell_desk(actor, case, entry, case.node, "cases.urgent", f"紧急{what}{case.number}到了，请马上受理。")
    if verb == "escalated" and case.raised_to is not None and case.raised_to_id == entry.node_id:
        text = f"{_short(case.node)}的{what}{case.number}超过时限，已升级到{_short(case.raised_to)}。"
        return _tell_desk(actor, case, entry, case.raised_to, "cases.raised", text)
    if verb == "drawn":
        text = f"{what}{case.number}抽中了质量抽查，请没有办过的人看一看。"
        return _tell_desk(actor, case, entry, queries.find_union_above(case) or case.node, "cases.drawn", text)
    if verb == "rejected":
        text = f"职工不满意，{what}{case.number}交{_short(case.node)}重办。"
        return _tell_desk(actor, case, entry, case.node, "cases.raised", text)
    return 0


def _tell_desk(actor: Actor, case: Case, entry: Entry, node: Node, kind: str, text: str) -> int:
    link = reverse("cases:case", args=[case.pk])
    users = list_holders(node, "cases.handle", actor.at, hidden_path=case.hidden_path)
    barred = queries.list_barred(case, users)
    receivers = [Receiver(user.pk, "desk") for user in users if user.pk != entry.user_id and user.pk not in barred]
    stand_ins = (
        [each.stand_in for each in list_stood_in([each.pk for each in users], actor.at)] if case.appeal_of_id else []
    )
    mail = get_value("cases.duty_mail", timezone.localdate(actor.at), node)
    if "@" in mail:
        receivers.append(Receiver(mail=mail.strip()))
    message = Message(
        kind,
        text,
        node,
        link=link,
        secret_link=settings.PUBLIC_URL + link if settings.PUBLIC_URL else "",
        about=case,
        entry=entry,
        hidden_path=case.hidden_path,
        not_to=queries.list_barred(case, stand_ins),
    )
    return notify(actor, message, receivers, key=f"entry-{entry.pk}")

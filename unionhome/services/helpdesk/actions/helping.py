"""Writing down who brought a worker's matter (帮代办), and that the worker agreed to it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from unionhome.core.access.queries import find_account
from unionhome.core.cases.actions import Upload, add_entry, attach_contents, lock_handling, prepare_uploads
from unionhome.core.cases.models import Case, Entry
from unionhome.core.cases.rules import Route
from unionhome.core.files.actions import Content
from unionhome.core.journal.actions import record
from unionhome.core.members.rules.privacy import check_reason
from unionhome.core.policy.queries import get_value
from unionhome.core.registry import Actor, BadInput, NotFound, Refused, require_strong
from unionhome.core.tree.models import Node
from unionhome.kit import crypto
from unionhome.services.helpdesk import queries
from unionhome.services.helpdesk.models import Helping
from unionhome.services.helpdesk.rules.helped import HELPER_PHONE_FIELD, Consent, Relation


@dataclass(frozen=True, slots=True)
class Helped:
    """Who helped and how the worker agreed. `is_contact`: the worker has no phone, the helper is rung. `slip` is a
    picture of what the worker signed."""

    relation: str = Relation.CADRE
    name: str = ""
    phone: str = ""
    consent: str = ""
    is_contact: bool = False
    slip: Upload | None = None

    @property
    def is_cadre(self) -> bool:
        """Whether the acting cadre helped in person."""
        return self.relation == Relation.CADRE


def _no(sentence: str, code: str, field: str) -> BadInput:
    return BadInput(sentence, code, fields={field: sentence})


def check_helped(helped: Helped | None, phone: str, *, is_about: bool) -> Helped:
    """What a helper may bring, before anything is kept. Raises BadInput at the field; `phone` is the worker's,
    `is_about` says that the matter is about the worker's own employer or to be kept from it."""
    if helped is None or helped.consent not in Consent.values:
        raise _no("请先问职工本人同不同意代办，本人同意了再登记。", "consent-missing", "consent")
    if helped.relation not in Relation.values:
        raise _no("请选谁来帮办的。", "relation-missing", "relation")
    if helped.relation == Relation.EMPLOYER and is_about:
        sentence = "这件事和本单位有关，或者不让单位知道，单位的人不能代办。请职工自己来说，或者换一个人帮办。"
        raise _no(sentence, "helper-of-employer", "relation")
    if not helped.is_cadre and not helped.name.strip():
        raise _no("请写帮办人的姓名。", "helper-name", "helper_name")
    if not helped.phone and (helped.is_contact or not helped.is_cadre):
        raise _no("请写帮办人的手机号。", "helper-phone", "helper_phone")
    if helped.phone and helped.phone == phone and not helped.is_contact:
        sentence = "这是帮办人的电话。请写职工本人的；本人没有电话，就打开“本人没有电话”，工会打给帮办人。"
        raise _no(sentence, "phone-of-helper", "phone")
    return helped


def refuse_own_phone(actor: Actor, phone: str) -> None:
    """Whoever writes a matter down is not rung about it and rates it not: the number is the worker's. Raises BadInput."""
    owner = find_account(phone=phone) if phone else None
    if owner is not None and owner.pk == actor.user_id:
        sentence = "这是您自己的电话。请写职工本人的；本人没有电话，就打开“本人没有电话”，写帮办人的。"
        raise _no(sentence, "phone-of-helper", "phone")


def check_helper(actor: Actor, helped: Helped, route: Route, node: Node) -> None:
    """Whether this helper may bring the matter on this route, and one more today. Raises BadInput, Refused."""
    if route.hidden_path:  # whoever writes it down reads it, and gives out the slip that opens the worker's page
        account = find_account(phone=helped.phone) if helped.phone else None
        inside = account is not None and account.node is not None and account.node.path.startswith(route.hidden_path)
        if inside or actor.node_path.startswith(route.hidden_path):
            sentence = f"这件事不让{route.avoids or '单位工会'}知道，那里的人不能代办。请职工自己用手机提，或者到镇街工会登记。"
            raise _no(sentence, "helper-of-employer", "relation")
    most = int(get_value("helpdesk.helped_per_day", timezone.localdate(actor.at), node))
    index = "" if helped.is_cadre else queries.get_helper_index(helped.phone)
    if queries.count_helped_on(actor, index) >= most:
        raise Refused(
            f"同一个人一天最多帮办{most}件，今天已经到了。请明天再登记，或者由职工本人提。", "helped-too-many"
        )


def prepare_slip(actor: Actor, helped: Helped, node: Node) -> list[Content]:
    """The signed slip, cleaned and sealed before the transaction. Raises BadInput at its field."""
    if helped.slip is None:
        return []
    try:
        return prepare_uploads(actor, [helped.slip], node)
    except BadInput as refused:
        raise BadInput(refused.sentence, refused.code, fields={"slip": refused.sentence}) from refused


def keep_helped(actor: Actor, case: Case, helped: Helped, slip: list[Content]) -> None:
    """Keep with a need who helped; a need that was kept before stays as it is."""
    _, made = Helping.objects.get_or_create(
        case=case,
        defaults={
            "relation": helped.relation,
            "name": actor.name if helped.is_cadre else helped.name.strip(),
            "phone_sealed": crypto.seal(helped.phone, field=HELPER_PHONE_FIELD) if helped.phone else None,
            "phone_index": queries.get_helper_index(helped.phone),
            "account_id": actor.user_id if helped.is_cadre else None,
            "is_contact": helped.is_contact,
            "consent": helped.consent,
            "consented_at": actor.at,
            "on": timezone.localdate(actor.at),
            "asker_id": actor.user_id,
            "asker_name": actor.name,
            "asker_union": actor.node_name,
        },
    )
    if made and slip:
        entry = add_entry(actor, case, Entry.Kind.NOTE, "职工签字的同意书", is_public=False)
        attach_contents(actor, entry, slip)


@transaction.atomic
def show_helper_phone(actor: Actor, case_id: int, *, reason: str, reason_text: str = "") -> str:
    """The helper's phone in clear, to ring about the matter. Journaled.

    Needs the second factor. Raises NotFound, Forbidden, BadInput without a reason.
    """
    case = lock_handling(actor, case_id, "cases.unmask")
    require_strong(actor, "cases.unmask")
    reason, _ = check_reason(reason, reason_text)
    helping = queries.find_helping(case)
    if helping is None or not helping.phone_sealed:
        raise NotFound("这一件没有帮办人的电话。")
    record(
        actor,
        "helpdesk.helper.shown",
        node=case.node,
        about=case,
        hidden_path=case.hidden_path,
        summary=f"看了帮办人的电话：{case.title}",
        data={"reason": reason},
    )
    return crypto.open_sealed(bytes(helping.phone_sealed), field=HELPER_PHONE_FIELD)

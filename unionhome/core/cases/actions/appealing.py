"""An appeal: the applicant does not accept how a matter ended, and others, one level above, handle it as a new one."""

import secrets

from django.db import transaction

from unionhome.core.cases import queries
from unionhome.core.cases.actions.opening import NewCase, Upload, open_case, prepare_uploads, receipt_of
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import PHONE_FIELD
from unionhome.core.files.actions import Content
from unionhome.core.journal.actions import record
from unionhome.core.registry import Actor, BadInput, Forbidden, NotFound, resolve
from unionhome.kit.codes import INVISIBLE

OWN_DOORS = ("my", "open")


def appeal_case(
    actor: Actor, case: Case, *, text: str, uploads: tuple[Upload, ...] = (), submit_key: str = ""
) -> tuple[Case, str]:
    """Appeal an ended matter once: a new one of its kind, with words and clocks of its own, and its receipt code. The
    first matter stays as it is.

    `case` was found by the caller as the applicant's own (signed in, or by receipt code). A repeat with the same submit
    key returns the appeal of the first send. Raises Forbidden for anybody at the desk, NotFound for another worker or a
    kind without appeals, BadInput without words, Refused as `queries.get_appeal_refusal` says.
    """
    _refuse_others(actor, case)
    if not text.translate(INVISIBLE).strip():
        sentence = "请写为什么不服，希望怎么办。"
        raise BadInput(sentence, "text-missing", fields={"text": sentence})
    earlier = _find_earlier(case, submit_key)
    if earlier is not None:
        return earlier, receipt_of(submit_key)
    _refuse_now(actor, case)  # before its photographs are worked on
    contents = prepare_uploads(actor, uploads, queries.find_appeal_union(case))
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("node").get(pk=case.pk)
        earlier = _find_earlier(case, submit_key)
        if earlier is not None:
            return earlier, receipt_of(submit_key)
        _refuse_now(actor, case)
        return _open(actor, case, text.strip(), contents, submit_key or secrets.token_hex(16))


def _refuse_others(actor: Actor, case: Case) -> None:
    if "appeal" not in queries.get_kind(case.kind).own_acts:
        raise NotFound()
    if actor.door not in OWN_DOORS:
        raise Forbidden("申诉要由职工本人提出。")
    if actor.door == "my":
        queries.get_own_case(actor, case.pk)


def _find_earlier(case: Case, submit_key: str) -> Case | None:
    earlier = queries.find_case_by_submit(submit_key)
    if earlier is not None and earlier.appeal_of_id != case.pk:
        raise BadInput("这张表单已经用过，请返回刷新后再提交。", "key-used")
    return earlier


def _refuse_now(actor: Actor, case: Case) -> None:
    refusal = queries.get_appeal_refusal(case, actor.at)
    if refusal is not None:
        raise refusal


def _open(actor: Actor, case: Case, text: str, contents: list[Content], submit_key: str) -> tuple[Case, str]:
    appeal, receipt = open_case(
        actor,
        NewCase(
            kind=case.kind,
            category=case.category,
            text=text,
            node=queries.find_appeal_union(case),
            origin=case.origin,  # who may read it follows from how the number came in: as for the first matter
            title=f"申诉：{case.title}"[:120],
            phone=queries.get_text(case.phone_sealed, PHONE_FIELD),
            applicant_name=case.applicant_name,
            person=case.person,
            employer=case.employer,
            employer_text=case.employer_text,
            division=case.division,
            place_text=case.place_text,
            hidden_path=case.hidden_path,
            is_urgent=case.is_urgent,
            submit_key=submit_key,
            contents=contents,
            appeal_of=case,
        ),
    )
    keep = queries.get_kind(case.kind).appealed
    if keep:
        resolve(keep)(actor, appeal, case)
    record(
        actor,
        "cases.case.appealed",
        node=case.node,
        about=case,
        subject_id=case.person_id,
        hidden_path=case.hidden_path,
        summary=f"申诉：{case.title}",
        data={"appeal": appeal.number},
    )
    return appeal, receipt

"""Ending a membership by a decision: the group discusses, the committee decides, the union above has it on file.

Never by the product itself. Source: 中国工会章程 on expulsion.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from unionhome.core.files.actions import attach, prepare_document, prepare_image
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.actions import record
from unionhome.core.members.actions.standing.changing import close_membership, lock_membership
from unionhome.core.members.actions.standing.resting import end_what_rests_on_it
from unionhome.core.members.models import Expulsion
from unionhome.core.members.queries.files import get_person
from unionhome.core.members.queries.lookups import get_answer_by
from unionhome.core.members.queries.standing import get_expulsion, get_scan, get_standing
from unionhome.core.members.rules import standing as rules
from unionhome.core.members.rules.codes import STANDING, Status
from unionhome.core.members.workflow import EXPULSION
from unionhome.core.registry import Actor, BadInput, Refused
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import ItemFacts, move, start
from unionhome.core.workflow.queries import find_own_step
from unionhome.kit.codes import mask_name, mask_numbers

MODEL = "members.expulsion"


@transaction.atomic
def open_expulsion(
    actor: Actor, person_id: int, *, ground: str, discussed_on: date | None, discussion: str, submit_key: str = ""
) -> Expulsion:
    """Note that the union group discussed an expulsion; the committee has to decide next.

    Raises NotFound out of scope, Forbidden, BadInput at the fields, Refused where the standing does not allow it.
    """
    earlier = Expulsion.objects.filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and earlier.person_id == person_id:
        return earlier
    person = get_person(actor, person_id)
    actor.require("members.expel", person.node.path)
    membership = lock_membership(person.pk)
    sentence = rules.step_fault("expel", get_standing(person, membership))
    if sentence or membership is None:
        raise Refused(sentence or "这个人现在不在会。", "not-now-expel")
    answer = get_answer_by(actor, membership.node)
    row = Expulsion(
        person=person,
        membership=membership,
        union=membership.node,
        node=membership.node,
        state=EXPULSION.initial,
        ground=rules.check_choice(ground, rules.ExpulsionGround, "ground"),
        discussed_on=rules.check_day(
            discussed_on, since=None, today=timezone.localdate(actor.at), field="discussed_on"
        ),
        discussion=mask_numbers(rules.check_text(discussion, "discussion", needed="请写工会小组的意见")),
        submitted_at=actor.at,
        due_at=answer.at,
        is_provisional=answer.is_provisional,
        submit_key=submit_key or None,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("除名正在办理，先办完或者停办。", "not-now-expel") from error
    start(actor, EXPULSION, row, _item_of(row, row.node))
    return row


def decide_expulsion(
    actor: Actor, expulsion_id: int, *, decided_on: date | None, paper_no: str, name: str, data: bytes,
    submit_key: str = "",
) -> Expulsion:  # fmt: skip
    """Note the committee's decision with its document, and hand it to the union above to be kept on file.

    Call it outside a transaction: the scan is sealed first. Raises BadInput at the fields, Refused, Forbidden.
    """
    row = get_expulsion(actor, expulsion_id)
    actor.require("members.expel", row.union.path)
    if find_own_step(actor, submit_key, row) is not None:
        return row
    today = timezone.localdate(actor.at)
    day = rules.check_day(decided_on, since=row.discussed_on, today=today, field="decided_on")
    number = rules.check_text(paper_no, "paper_no", needed="请填文号", longest=60)
    if not data:
        raise BadInput("请附上决定文件。", fields={"file": "请附上决定文件的扫描件或照片"})
    prepare = prepare_document if data.startswith(b"%PDF-") else prepare_image
    content = prepare(actor, data, name=name, node=row.union)
    with transaction.atomic():
        above = _above(row.union)
        answer = get_answer_by(actor, above)
        row.due_at = answer.at
        step = move(actor, EXPULSION, row, "decide", item=_item_of(row, above), submit_key=submit_key)
        if step.at == actor.at:
            Expulsion.objects.filter(pk=row.pk).update(
                decided_on=day, paper_no=number, node=above, due_at=answer.at, is_provisional=answer.is_provisional
            )
            attach(actor, content, node=row.union, about_model=MODEL, about_id=row.pk)
        row.refresh_from_db()
    return row


def _above(node: Node) -> Node:
    """The next higher union; the federation's own root has none within the product and keeps it itself."""
    return node.parent or node


def _item_of(row: Expulsion, node: Node) -> ItemFacts:
    return ItemFacts(
        node=node,
        title=f"{mask_name(row.person.name)}除名",
        url=reverse("members:expulsion", args=[row.pk]),
        kind_label="除名",
        icon="gavel",
        due_at=row.due_at,
        is_provisional=row.is_provisional,
        origin=row.union.name[:40],
        subject_id=row.person_id,
    )


@transaction.atomic
def send_back_expulsion(actor: Actor, expulsion_id: int, *, reason: str, submit_key: str = "") -> Expulsion:
    """The union above does not file it: the union has to discuss it again, with the reason."""
    return _return(actor, expulsion_id, "send_back", reason, submit_key)


@transaction.atomic
def drop_expulsion(actor: Actor, expulsion_id: int, *, reason: str, submit_key: str = "") -> Expulsion:
    """The union gives it up; the membership stays as it is."""
    return _return(actor, expulsion_id, "drop", reason, submit_key)


def _return(actor: Actor, expulsion_id: int, verb: str, reason: str, submit_key: str) -> Expulsion:
    row = get_expulsion(actor, expulsion_id)
    reason = rules.check_text(reason, "reason")
    answer = get_answer_by(actor, row.union)
    row.due_at = answer.at
    step = move(actor, EXPULSION, row, verb, item=_item_of(row, row.union), reason=reason, submit_key=submit_key)
    if step.at == actor.at:
        Expulsion.objects.filter(pk=row.pk).update(
            node=row.union, due_at=answer.at, decided_at=actor.at if verb == "drop" else None
        )
        row.refresh_from_db()
    return row


@transaction.atomic
def file_expulsion(actor: Actor, expulsion_id: int, *, submit_key: str = "") -> Expulsion:
    """The union above has the decision on file: the membership ends today. Raises Refused, Forbidden."""
    row = get_expulsion(actor, expulsion_id)
    if row.state == "filed":
        return row
    membership = lock_membership(row.person_id)
    stands = membership is not None and membership.pk == row.membership_id and membership.status in STANDING
    move(
        actor, EXPULSION, row, "file", item=_item_of(row, row.node), facts={"is_standing": stands},
        submit_key=submit_key,
    )  # fmt: skip
    if membership is None:
        return row
    ground = row.get_ground_display()
    words = f"{ground}，{row.decided_on:%Y-%m-%d}决定，{row.paper_no}"
    close_membership(
        membership, Status.EXPELLED, on=timezone.localdate(actor.at), reason=words, happened_on=row.decided_on
    )
    row.decided_at = actor.at
    row.save(update_fields=["decided_at"])
    end_what_rests_on_it(actor, [row.person_id], "会籍已因除名结束")
    record(
        actor,
        "members.member.expelled",
        node=row.union,
        about=membership,
        subject_id=row.person_id,
        summary=f"{mask_name(row.person.name)}除名，{row.paper_no}",
        data={"status": membership.status, "on": timezone.localdate(actor.at).isoformat()},
    )
    return row


@transaction.atomic
def read_scan(actor: Actor, expulsion_id: int, file_id: int) -> SealedFile:
    """Hand out the scan of a decision; journaled. Raises NotFound."""
    row = get_expulsion(actor, expulsion_id)
    file = get_scan(row, file_id)
    record(
        actor,
        "members.expulsion.read",
        node=row.union,
        about=row,
        subject_id=row.person_id,
        summary=f"看了{mask_name(row.person.name)}除名的决定文件",
    )
    return file

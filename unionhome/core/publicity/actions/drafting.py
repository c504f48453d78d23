"""Drawing up a notice from a list, freezing what everybody reads, and giving it to the office as a paper."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from unionhome.core.papers.actions import issue_paper
from unionhome.core.papers.queries import find_paper
from unionhome.core.policy.queries import get_value
from unionhome.core.publicity import queries
from unionhome.core.publicity.actions.locking import (
    days_of,
    is_repeat,
    item_of,
    journal,
    lock_notice,
    step,
    today_of,
)
from unionhome.core.publicity.models import Notice, Place, YearSerial
from unionhome.core.publicity.rules import (
    COLUMNS,
    LIST_FIELD,
    MOST_DAYS,
    Cell,
    Rows,
    canonical,
    check_columns,
    check_title,
    digest_of,
    freeze_rows,
    index_of,
    number_of,
    refuse_at,
    short_digest,
    sum_of,
)
from unionhome.core.publicity.workflow import DRAFT, NOTICE
from unionhome.core.registry import Actor, BadInput, PublicList, Refused, require_strong
from unionhome.core.tree.models import Node
from unionhome.core.workflow.actions import note_step, start
from unionhome.kit import crypto
from unionhome.kit.codes import mask_numbers
from unionhome.kit.money import yuan_text
from unionhome.kit.papers import Letter
from unionhome.kit.qr import qr_svg


@dataclass(frozen=True, slots=True)
class PublicDraft:
    """What is to be shown: the kind's code, a title, the columns' codes and the whole rows as texts, amounts in yuan.

    `place` and `is_open` are the kind's unless said. `back_url` is the page of the row the list belongs to.
    """

    kind: str
    title: str
    columns: Sequence[str]
    rows: Rows
    place: str = ""
    is_open: bool | None = None
    back_url: str = ""


def draft_notice(
    actor: Actor, node: Node, given: PublicDraft, *, about: Model | None = None, submit_key: str = ""
) -> Notice:
    """Draw up a notice: names are masked, amounts put in fen, the whole list sealed inside. Twice the same form is one.

    `about` is the row whose list it is; the caller has scoped it. Raises Forbidden, and BadInput at the field: a
    column that may not be public is refused by its name. Raises Refused while an earlier notice of the row stands.
    """
    actor.require(DRAFT, node.path)
    kind = queries.get_kind(given.kind)
    earlier = _find_earlier(actor, submit_key)
    return earlier or _draft(actor, node, given, kind, about, submit_key)


def _find_earlier(actor: Actor, submit_key: str) -> Notice | None:
    earlier = Notice.objects.select_related("node").filter(submit_key=submit_key).first() if submit_key else None
    if earlier is not None and not actor.may(DRAFT, earlier.node.path):
        raise BadInput("这张表单已经用过，请返回刷新后再办。", "key-used")
    return earlier


@transaction.atomic
def _draft(
    actor: Actor, node: Node, given: PublicDraft, kind: PublicList, about: Model | None, submit_key: str
) -> Notice:
    title = check_title(given.title)
    place = given.place or kind.place
    if place not in Place.values:
        raise refuse_at("place", "请选贴在哪里。")
    check_columns(given.columns, kind.columns)
    is_masked = bool(get_value("publicity.masks_names", today_of(actor), node))
    rows = freeze_rows(given.columns, given.rows, is_masked=is_masked)
    days = days_of(actor, kind.days, node)
    if not 1 <= days <= MOST_DAYS:
        raise refuse_at("kind", f"公示的工作日要在 1 到 {MOST_DAYS} 之间，请系统管理员核对参数。", "bad-days")
    serial = _lock_serial(actor)
    earlier = _find_earlier(actor, submit_key)
    if earlier is not None:
        return earlier
    if about is not None and queries.is_standing(about):
        raise Refused("这份名单正在公示，要改请先撤回。", "notice-standing")
    serial.last += 1
    serial.save(update_fields=["last"])
    notice = Notice.objects.create(
        number=number_of(serial.year, serial.last),
        public_id=secrets.token_hex(16),
        node=node,
        kind=kind.code,
        title=title[:80],
        about_model=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        back_url=given.back_url,
        columns=list(given.columns),
        rows=rows,
        row_count=len(rows),
        total_fen=sum_of(given.columns, rows),
        digest=digest_of(title[:80], given.columns, rows),
        list_index=index_of(given.columns, given.rows),
        list_sealed=_sealed(given),
        place=place,
        is_open=place == Place.ONLINE or (kind.is_open if given.is_open is None else given.is_open),
        state=NOTICE.initial,
        days_count=days,
        opened_at=actor.at,
        submit_key=submit_key or None,
    )
    start(actor, NOTICE, notice, item_of(notice))
    journal(actor, notice, "drawn", "拟公示", rows=len(rows), days=days, place=notice.get_place_display())
    return notice


def _sealed(given: PublicDraft) -> bytes:
    """The whole list, names and all, as the archive keeps it."""
    whole = freeze_rows(given.columns, given.rows, is_masked=False)
    return crypto.seal(canonical(given.columns, whole), field=LIST_FIELD)


def _lock_serial(actor: Actor) -> YearSerial:
    """The serial of the year, held until the transaction ends."""
    year = today_of(actor).year
    YearSerial.objects.get_or_create(year=year)
    return YearSerial.objects.select_for_update().get(year=year)


@transaction.atomic
def issue_notice(actor: Actor, notice_id: int, *, address: str = "", back_url: str, submit_key: str = "") -> Notice:
    """The list is right as it stands: it goes to the office to be printed and sealed.

    `address` is the whole address of the page that says whether a paper is genuine; a code of it stands on the paper.
    """
    notice = lock_notice(actor, notice_id, DRAFT)
    if is_repeat(actor, notice, "issue", submit_key):
        return notice
    step(actor, notice, "issue", submit_key=submit_key)
    _hand_over(actor, notice, address, back_url)
    return notice


@transaction.atomic
def reissue_notice(actor: Actor, notice_id: int, *, address: str = "", back_url: str, submit_key: str = "") -> Notice:
    """The office voided its paper: give it a new one of the same list. Raises Refused where one stands."""
    notice = lock_notice(actor, notice_id, DRAFT)
    if is_repeat(actor, notice, "reissue", submit_key):
        return notice
    if notice.state != "issued" or find_paper(notice, queries.PAPER) is not None:
        raise Refused("公文还在，不用重新出。", "paper-stands")
    _hand_over(actor, notice, address, back_url)
    note_step(actor, NOTICE, notice, "reissue", submit_key)
    journal(actor, notice, "reissued", "重新出公文")
    return notice


@transaction.atomic
def open_whole(actor: Actor, notice_id: int, *, reason: str) -> list[list[Cell]]:
    """The whole list, names and all; who looked and why is journalled. Raises Forbidden, BadInput without a reason."""
    notice = queries.get_handled_notice(actor, notice_id, "publicity.whole")
    require_strong(actor, "publicity.whole")
    if not reason.strip():
        raise refuse_at("reason", "请写为什么要看。", "reason-missing")
    journal(actor, notice, "looked", "看全名单", reason=mask_numbers(reason.strip())[:300])
    _, rows = json.loads(crypto.open_sealed(bytes(notice.list_sealed), field=LIST_FIELD))
    found: list[list[Cell]] = rows
    return found


def _hand_over(actor: Actor, notice: Notice, address: str, back_url: str) -> None:
    issue_paper(
        actor,
        node=notice.node,
        about=notice,
        kind=queries.PAPER,
        kind_label="公示",
        letter=_letter(notice, address),
        back_url=back_url,
    )


def _letter(notice: Notice, address: str) -> Letter:
    where = notice.get_place_display()
    paragraphs = [f"现将名单公示如下，共{notice.row_count:,}条。"]
    if notice.total_fen is not None:
        paragraphs[0] = f"现将名单公示如下，共{notice.row_count:,}条，合计{yuan_text(notice.total_fen)}元。"
    paragraphs.append(
        f"公示地点：{where}。公示期：自张贴次日起{notice.days_count}个工作日。公示期内对名单有异议的，"
        f"可以向{notice.node.name}书面提出，也可以扫码在网上提出，可以不写姓名。"
    )
    paragraphs.append(f"公示编号：{notice.number}。名单校验码：{short_digest(notice.digest)}。")
    return Letter(
        title=notice.title,
        addressee="全体职工",
        paragraphs=tuple(paragraphs),
        signer=notice.node.name,
        date="",
        columns=tuple(COLUMNS[code].label for code in notice.columns),
        rows=tuple(
            tuple(
                yuan_text(int(cell)) if code == "amount" else str(cell)
                for code, cell in zip(notice.columns, row, strict=True)
            )
            for row in notice.rows
        ),
        code=qr_svg(address, title="查这份公示、提异议") if address else "",
    )

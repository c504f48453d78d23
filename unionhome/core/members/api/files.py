"""Members for programs: search and one file, always with covered facts. Clear text has no way out here."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.members import actions, queries
from unionhome.core.members.rules.sealed import public_id, read_public_id
from unionhome.core.registry import Actor, BadInput, NotFound
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["members"])
MOST = 200


class SearchIn(Schema):
    """By beginning of name, pinyin initials, last four signs or card; or all members of one union."""

    text: str = Field("", max_length=40)
    organization: str = Field("", max_length=32, description="工会编码；不写查找内容时必填")
    cursor: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=MOST)


class MemberOut(Schema):
    """One member with covered facts. `id` is opaque and stable."""

    id: str
    name: str
    document: str
    phone: str
    organization: str
    employer: str
    group: str
    status: str
    is_member: bool
    joined_on: date | None


class MemberList(Schema):
    """`next` is the mark of the next page, null on the last one; `total` counts all pages.

    A search lists and counts at most 1,000 members: `is_more` says that there are others, to be found by asking closer.
    """

    total: int
    is_more: bool
    items: list[MemberOut]
    next: str | None


class FactOut(Schema):
    key: str
    label: str
    value: str
    source: str
    on: date


class FileOut(Schema):
    """One file. Opening it is noted and shown to the member."""

    id: str
    name: str
    organization: str
    status: str
    facts: list[FactOut]


@router.get("/members", response=MemberList, summary="查找会员", operation_id="list_members")
@api_door("members.view")
def list_members(request: HttpRequest, asked: Query[SearchIn]) -> dict[str, Any]:
    """A whole document number or phone is refused here: addresses are logged. Send it by POST instead."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if queries.is_private_text(actor, asked.text):
        sentence = "完整的证件号码和手机号不要写在地址里，请用 POST /members/search。"
        raise BadInput(sentence, "private-in-address", fields={"text": sentence})
    return _found(actor, asked)


@router.post("/members/search", response=MemberList, summary="按完整号码查找会员", operation_id="search_members")
@api_door("members.view")
def search_members(request: HttpRequest, asked: SearchIn) -> dict[str, Any]:
    """As the list, with what is searched for in the body."""
    return _found(request.actor, asked)  # type: ignore[attr-defined]


def _found(actor: Actor, asked: SearchIn) -> dict[str, Any]:
    text = asked.text.replace("\x00", "")
    union_id = None
    if asked.organization:
        union_id = queries.get_union_id(actor, asked.organization.replace("\x00", ""))
    question = f"members|{asked.organization}|{text}"
    last = read_cursor(question, asked.cursor)
    if text.strip() or union_id is None:
        found = queries.find_persons(actor, text, union_id=union_id)
        total, is_more = len(found.ids), found.is_more
        page = queries.list_found(actor, sorted(pk for pk in found.ids if pk > last)[: asked.limit + 1])
    else:
        members = queries.list_persons(actor, union_id).order_by("pk")
        total, is_more = members.count(), False
        page = list(members.filter(pk__gt=last)[: asked.limit + 1])
    shown = page[: asked.limit]
    return {
        "total": total,
        "is_more": is_more,
        "items": [_item(row) for row in queries.list_rows(actor, shown)],
        "next": make_cursor(question, shown[-1].pk) if len(page) > asked.limit else None,
    }


def _item(row: queries.MemberRow) -> dict[str, Any]:
    return {
        "id": public_id(row.id),
        "name": row.name,
        "document": row.document,
        "phone": row.phone,
        "organization": row.union,
        "employer": row.employer,
        "group": row.group,
        "status": row.status,
        "is_member": row.is_member,
        "joined_on": row.joined_on,
    }


@router.get("/members/{member_id}", response=FileOut, summary="一位会员（遮住）", operation_id="get_member")
@api_door("members.view")
def get_member(request: HttpRequest, member_id: str) -> dict[str, Any]:
    """Raises NotFound outside the branch."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person_id = read_public_id(member_id)
    if person_id is None:
        raise NotFound
    file = queries.get_file(actor, actions.view_file(actor, person_id))
    return {
        "id": member_id,
        "name": file.name,
        "organization": file.person.node.name,
        "status": file.status,
        "facts": [
            {"key": row.key, "label": row.label, "value": row.value, "source": row.source, "on": row.on}
            for row in file.facts
        ],
    }

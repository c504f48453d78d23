"""Unions for programs: a list page by page, and one union by its code."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from unionhome.core.access.api import api_door
from unionhome.core.organizations import queries
from unionhome.core.organizations.models import Organization
from unionhome.core.registry import Actor
from unionhome.kit.cursors import make_cursor, read_cursor

router = Router(tags=["organizations"])
MOST_ROWS = 500
VIEW = "organizations.view"


class ListIn(Schema):
    """What narrows the list; `cursor` is the `next` of the page before."""

    under: str = Field("", max_length=32, description="工会编码：只要这个工会和它的下级")
    text: str = Field("", max_length=60, description="名称的一部分，或编码的开头")
    level: str = Field("", max_length=12, pattern="^[a-z]*$", description="city county town village grassroots group")
    form: str = Field("", max_length=16, pattern="^[a-z]*$", description="工会类型的代码")
    status: str = Field("", max_length=12, pattern="^[a-z]*$", description="preparing active dissolved")
    cursor: str = Field("", max_length=400)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class EmployerOut(Schema):
    name: str
    uscc: str
    nature: str
    industry: str


class OrganizationOut(Schema):
    """One union. Counts of people are as reported by the union itself; codes are those of the national tables."""

    code: str
    name: str
    short_name: str
    level: str
    form: str
    form_name: str
    status: str
    parent: str | None
    division: str
    uscc: str
    employer: EmployerOut | None
    founded_on: date | None
    term_no: int | None
    term_starts_on: date | None
    term_ends_on: date | None
    workers_count: int | None
    women_count: int | None
    members_count: int | None
    address: str
    phone: str


class OrganizationList(Schema):
    """A page; `next` is the mark of the next one, null on the last; `total` counts all pages."""

    total: int
    items: list[OrganizationOut]
    next: str | None


@router.get("/organizations", response=OrganizationList, summary="工会列表", operation_id="list_organizations")
@api_door(VIEW)
def list_organizations(request: HttpRequest, asked: Query[ListIn]) -> dict[str, Any]:
    actor = _actor(request)
    filters = queries.Filters(asked.text, asked.form, asked.level, asked.status)
    under = queries.get_organization_by_code(actor, asked.under).node if asked.under else None
    found = queries.list_organizations(actor, filters, under=under).select_related("employer").order_by("pk")
    question = "|".join(("organizations", asked.under, asked.text, asked.form, asked.level, asked.status))
    page = list(found.filter(pk__gt=read_cursor(question, asked.cursor))[: asked.limit + 1])
    shown = page[: asked.limit]
    return {
        "total": found.count(),
        "items": [_facts(one) for one in shown],
        "next": make_cursor(question, shown[-1].pk) if len(page) > asked.limit else None,
    }


@router.get("/organizations/{code}", response=OrganizationOut, summary="一个工会", operation_id="get_organization")
@api_door(VIEW)
def get_organization(request: HttpRequest, code: str) -> dict[str, Any]:
    return _facts(queries.get_organization_by_code(_actor(request), code))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(VIEW)
    return actor


PLAIN = (
    *("short_name", "form", "status", "uscc", "founded_on", "term_no", "term_starts_on", "term_ends_on"),
    *("workers_count", "women_count", "members_count", "address", "phone"),
)


def _facts(one: Organization) -> dict[str, Any]:
    employer = one.employer
    return {
        **{name: getattr(one, name) for name in PLAIN},
        "code": one.node.code,
        "name": one.node.name,
        "level": one.node.level,
        "form_name": one.get_form_display(),
        "parent": one.node.parent.code if one.node.parent else None,
        "division": one.division_id,
        "employer": employer and {name: getattr(employer, name) for name in EmployerOut.model_fields},
    }

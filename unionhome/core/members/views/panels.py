"""What the register puts on other rooms' pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from unionhome.core.members import queries
from unionhome.core.members.workflow import APPLICATION
from unionhome.core.organizations import queries as unions
from unionhome.core.registry import Actor
from unionhome.kit.dates import deadline_text


def panel_of_union(actor: Actor, organization: Any) -> tuple[str, dict[str, Any]]:
    """On a union's page: its members as counted from the register, beside what it reports."""
    node = organization.node
    return "members/panel_of_union.html", {
        "sums": queries.get_sums(actor, node),
        "node": node,
        "reported": organization.members_count,
    }


def marks_of_member(actor: Actor, person: Any) -> tuple[str, dict[str, Any]]:
    """On a member's page: that another file looks like this one, and that another was merged into it."""
    pair, merge = queries.find_marks(actor, person)
    return "members/panel_of_member.html", {"pair": pair, "merge": merge}


def head_of_home(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """On the worker's home: the name and the union, and the way to the membership card; or how joining stands."""
    membership = queries.get_membership(actor.person_id)
    return "members/home_head.html", {
        "name": actor.name,
        "membership": membership,
        "application": None if membership else _application_line(actor),
    }


def own_application(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """Among the worker's own matters: the application to join that is under way."""
    line = _application_line(actor)
    return "members/matter_row.html", {"rows": [line] if line else []}


def own_transfer(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """Among the worker's own matters: the transfer that is under way."""
    row = queries.find_moving(actor)
    rows = [{"row": row, "due_text": deadline_text(row.due_at, actor.at)}] if row else []
    return "members/matter_move.html", {"rows": rows}


def _application_line(actor: Actor) -> dict[str, Any] | None:
    row = queries.find_waiting_application(actor)
    if row is None:
        return None
    due = deadline_text(row.due_at, actor.at)
    return {
        "row": row,
        "state": APPLICATION.state(row.state),
        "is_returned": row.state == "returned",
        "due_text": due,
        "text": f"等{row.node.name}审核，{due}答复" if row.state == "submitted" else "入会申请退回了，等您补正",
    }


def recruited_employers(actor: Actor, _: object) -> tuple[str, dict[str, Any]]:
    """In the inbox: employers of which so many applied that a union is to be founded, or is being founded."""
    rows = queries.list_recruited(actor)
    ways = unions.list_founding_ways(actor, {row.employer_id for row in rows if row.employer_id}) if rows else {}
    return "members/panel_recruited.html", {"rows": [_recruited_line(row, ways) for row in rows]}


def _recruited_line(row: queries.Recruited, ways: Mapping[int, tuple[str, int | None]]) -> dict[str, Any]:
    state, founding = ways.get(row.employer_id or 0, ("", None))
    if state:
        url = reverse("organizations:founding", args=[founding]) if founding else ""
        return {"row": row, "url": url, "act": "看建会", "state": state}
    return {"row": row, "url": _founding_url(row) if row.may_found else "", "act": "建工会", "state": ""}


def _founding_url(row: queries.Recruited) -> str:
    asked: dict[str, int | str] = {"employer": row.employer_id} if row.employer_id else {"q": row.name}
    return f"{reverse('organizations:new_founding')}?{urlencode({'parent': row.node.pk, **asked})}"

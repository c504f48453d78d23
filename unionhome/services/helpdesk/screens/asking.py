"""What the page of a new need shows."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from unionhome.core.cases.clocks import preview_due
from unionhome.core.cases.models import Case
from unionhome.core.cases.rules import Route
from unionhome.core.organizations.queries.places import find_office_phone
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import find_any_node
from unionhome.kit.dates import day_text, deadline_text
from unionhome.kit.papers import Notice
from unionhome.kit.qr import qr_svg


def route_card(route: Route | None, at: datetime) -> dict[str, Any] | None:
    """The card 会发给谁: which union, why, by when somebody rings."""
    if route is None:
        return None
    node = find_any_node(route.union.id)
    due = preview_due(node, at) if node else None
    return {
        "union_id": route.union.id,
        "name": route.union.name,
        "why": route.why,
        "avoids": route.avoids,
        "due_text": deadline_text(timezone.localtime(due), timezone.localtime(at)) if due else "",
    }


def like_text(case: Case | None) -> str:
    """What a worker reads of a like need that is under way: that there is one, and since which day. The hour would tell
    who it was."""
    if case is None:
        return ""
    return f"已有一件同样的诉求在办，{day_text(case.opened_on)}提出"


def share_card(actor: Actor, address: str) -> dict[str, Any]:
    """The card 宣传卡: which union invites, and the words for a chat group."""
    phone = find_office_phone(actor.node_id or 0)
    ring = f"，也可以打{phone}" if phone else "，也可以打 12351"
    text = (
        f"{actor.node_name}：遇到难处，工会帮您。点开链接写一句话、留个电话就行，不用登录；"
        f"工会会尽快联系您，不想让单位知道的不告诉单位{ring}。\n{address}"
    )
    return {"union": actor.node_name, "phone": phone or "12351", "text": text}


def share_notice(actor: Actor, address: str) -> Notice:
    """The same words with the code, as a picture."""
    words = str(share_card(actor, address)["text"]).partition("\n")[0].partition("：")[2]
    return Notice(actor.node_name, (words,), foot="微信扫一扫，写一句话、留个电话就行", code=qr_svg(address))

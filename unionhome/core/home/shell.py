"""What every page's frame shows: who is here, where to go. What is unread costs one query, the desk's bell another."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from unionhome.core.notices.queries import count_unread
from unionhome.core.registry import Actor, Nav, resolve, rooms
from unionhome.core.workflow.queries import count_assigned

WEEKDAYS = "一二三四五六日"
MY_TABS = (
    ("首页", "home:my", "home"),
    ("服务", "home:services", "grid-dots"),
    ("消息", "notices:mine", "message-2"),
    ("我的", "members:card", "user"),
)
DESK_TABS = ("home:inbox", "cases:list", "members:list")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context variable `shell` of the kit's frames."""
    actor: Actor | None = getattr(request, "actor", None)
    frame: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "large_text": _wants_large(request),
        "theme": request.COOKIES.get("theme", "") if request.COOKIES.get("theme") in ("dark", "light") else "",
        "nav_small": request.COOKIES.get("nav_small") == "1",
        "hotline": "12351",
        "footer": [
            {"title": "找工会", "url": _url("organizations:finder")},
        ],
        "home_url": "/",
    }
    if actor is not None:
        act = find_main_act(actor, "desk" if actor.door == "desk" else "my")
        frame["main_act"] = {"title": act.label, "url": _url(act.url_name), "icon": act.icon} if act else None
        frame["footer"] += [frame["main_act"]] if act and actor.door != "desk" else []
    if actor is not None and actor.is_signed_in:
        frame |= (
            _desk(actor, request.path, getattr(request, "nav_entry", ""))
            if actor.door == "desk"
            else _my(actor, request.path)
        )
    return {"shell": frame}


def _wants_large(request: HttpRequest) -> bool:
    asked = request.GET.get("large_text")
    return (asked if asked in ("0", "1") else request.COOKIES.get("large_text")) == "1"


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _desk(actor: Actor, path: str, said: str) -> dict[str, Any]:
    """`said`: the entry under which the page says that it stands, where its address alone does not."""
    entries = list_nav(actor, "desk")
    groups: dict[int, list[dict[str, Any]]] = {}
    active = said or _active(entries, path)
    for entry in entries:
        groups.setdefault(entry.group, []).append(_item(entry, active))
    tabs = [_item(entry, active) for name in DESK_TABS for entry in entries if entry.url_name == name]
    now = timezone.localtime(actor.at)
    return {
        "actor_name": actor.name,
        "post": actor.post,
        "union_name": actor.node_name,
        "nav": [groups[key] for key in sorted(groups)],
        "tabs": tabs,
        "now_text": f"{now.month}月{now.day}日 周{WEEKDAYS[now.weekday()]} {now:%H:%M}",
        "notices_url": reverse("notices:own"),
        "notices_count": cache(lambda: count_unread(actor)),  # asked only where a frame draws it
        **(_work(actor) if actor.may("workflow.view") else {}),
        "account_url": _url("access:account"),
        "absences_url": _url("access:absences") if actor.may("workflow.view") else "",
        "sign_out_url": _url("access:sign_out"),
        "home_url": reverse("home:desk"),
    }


def _work(actor: Actor) -> dict[str, Any]:
    return {
        "search_url": reverse("home:search"),
        "messages_url": f"{reverse('home:inbox')}?view=all&who=me",
        "messages_label": "交给我办的",
        "unread_count": cache(lambda: count_assigned(actor)),  # asked only where a frame draws the bell
    }


def _my(actor: Actor, path: str) -> dict[str, Any]:
    unread = cache(lambda: count_unread(actor))
    return {
        "actor_name": actor.name,
        "tabs": [
            {
                "title": title,
                "url": _url(name),
                "icon": icon,
                "active": _url(name) == path,
                "count": unread if name == "notices:mine" else 0,
            }
            for title, name, icon in MY_TABS
        ],
        "news_url": reverse("home:messages"),
        "account_url": _url("access:my_account"),
        "sign_out_url": _url("access:sign_out"),
        "home_url": reverse("home:my"),
    }


def list_nav(actor: Actor, door: str) -> list[Nav]:
    """Navigation entries of every card that the actor may open, in order, the main act of the door left out."""
    permitted = [entry for entry in _entries(door, is_main=False) if _fits(actor, entry)]
    return sorted(permitted, key=lambda entry: (entry.group, entry.order))


def find_main_act(actor: Actor, door: str) -> Nav | None:
    """The act that a door puts forward, where the actor may do it: 我有困难 for workers, 登记事项 at the desk."""
    return next((entry for entry in _entries(door, is_main=True) if _fits(actor, entry)), None)


def _entries(door: str, *, is_main: bool) -> list[Nav]:
    return [
        entry
        for room in rooms()
        for entry in room.card.nav
        if entry.door == door and entry.is_main == is_main and _url(entry.url_name)
    ]


def _fits(actor: Actor, entry: Nav) -> bool:
    return (not entry.permission or actor.may(entry.permission)) and (
        not entry.shown_to or bool(resolve(entry.shown_to)(actor))
    )


def _active(entries: list[Nav], path: str) -> str:
    """The entry whose address is the longest beginning of the page's."""
    fitting = [entry.url_name for entry in entries if path.startswith(_url(entry.url_name))]
    return max(fitting, key=lambda name: len(_url(name)), default="")


def _item(entry: Nav, active: str) -> dict[str, Any]:
    return {
        "title": entry.label,
        "url": _url(entry.url_name),
        "icon": entry.icon,
        "active": entry.url_name == active,
    }

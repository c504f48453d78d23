"""The start pages: a door to choose, the cadre's inbox, the search, the worker's home, services and news."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import door
from unionhome.core.home import demo_cards, queries, screens
from unionhome.core.home.shell import find_main_act, list_nav
from unionhome.core.members.queries import is_private_text
from unionhome.core.registry import Actor, list_panels
from unionhome.kit.forms.text import normalise

SHORTEST = 2


@require_GET
@door("open")
def landing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a door; the demo also shows its sign-in cards and five guided tasks."""
    context: dict[str, Any] = {"actor": actor, "tiles": list_nav(actor, "open")}
    if settings.DEMO:
        context |= {
            "cards": demo_cards.CARDS,
            "workers": demo_cards.WORKERS,
            "tasks": demo_cards.TASKS,
            "password": demo_cards.PASSWORD,
        }
    return render(request, "home/landing.html", context)


@require_GET
@door("open")
def open_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is open to everybody stands on the landing page."""
    return redirect("home:landing")


@require_GET
@door("desk")
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A role's own start page: the inbox, or the home of its duty, or the first page that its card opens."""
    if actor.may("workflow.view"):
        return redirect("home:inbox")
    entries = list_nav(actor, "desk")
    if entries:
        return redirect(min(entries, key=lambda entry: not entry.is_home).url_name)
    return render(request, "home/nothing.html")


@require_GET
@door("desk", "workflow.view")
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that waits, first due first; what is due today is seen at once."""
    choice = _choice(request, actor)
    cursor = request.GET.get("cursor", "")
    page = queries.get_inbox_page(actor, choice, cursor)
    day = queries.get_duty_day(actor)
    context = {
        "counts": screens.inbox_counts(queries.count_inbox(actor), choice.view),
        "ribbon": screens.day_ribbon(day, actor.at),
        "duty_text": screens.duty_text(day, actor.at),
        "groups": screens.inbox_groups(page, choice),
        "page": page,
        "first_url": screens.inbox_url(choice) if cursor else "",
        "next_url": screens.inbox_url(choice, page.next_cursor) if page.next_cursor else "",
        "filters": screens.inbox_filters(queries.list_item_kinds(actor), choice),
        "clear_url": screens.inbox_url(queries.Choice(choice.view)),
        "panels": list_panels(actor, "home.inbox"),
    }
    return render(request, "home/inbox.html", context)


def _choice(request: HttpRequest, actor: Actor) -> queries.Choice:
    asked = request.GET
    view = asked.get("view", "")
    return queries.Choice(
        view=view if view in queries.VIEWS else ("own" if actor.node_id else "all"),
        kind=asked.get("kind", "")[:24],
        is_own=asked.get("union") == "own",
        is_mine=asked.get("who") == "me",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "workflow.view")
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One box over cases, members and unions, all in the actor's branches. A text with a whole number is answered at
    once and stands in no address."""
    asked = request.POST if request.method == "POST" else request.GET
    text = normalise(asked.get("q", ""))[:60]
    if request.method == "POST" and not is_private_text(actor, text):
        return redirect(f"{reverse('home:search')}?{urlencode({'q': text})}")
    found = queries.search_all(actor, text) if len(text) >= SHORTEST else None
    return render(request, "home/search.html", {"text": text, "found": found, "shortest": SHORTEST})


@require_GET
@door("my")
def my_home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worker's home: one tap to 我有困难, the services, the own matters."""
    context = {
        "tiles": list_nav(actor, "my"),
        "panels": list_panels(actor, "home.my"),
        "head": list_panels(actor, "home.my_head"),
    }
    return render(request, "home/my.html", context)


@require_GET
@door("my")
def services(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything a worker can do here."""
    return render(
        request, "home/services.html", {"tiles": [*filter(None, [find_main_act(actor, "my")]), *list_nav(actor, "my")]}
    )


@require_GET
@door("my")
def news(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What happened on the worker's own matters, newest first."""
    now = timezone.localtime(actor.at)
    rows = screens.news_rows(queries.list_news(actor), now, lambda case_id: reverse("cases:own", args=[case_id]))
    return render(request, "home/messages.html", {"rows": rows, "back_url": reverse("notices:mine")})

"""The start pages: a door to choose, the cadre's inbox, the search, the worker's home, services and news."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.queries import list_coming
from unionhome.core.home import actions, demo_cards, queries, screens
from unionhome.core.home.forms import GiveForm
from unionhome.core.home.rules import check_choice
from unionhome.core.home.shell import find_main_act, list_nav
from unionhome.core.members.queries import is_private_text
from unionhome.core.registry import Actor, BadInput, list_panels
from unionhome.core.workflow.queries import list_open
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
    items = list_open(actor)
    page = queries.get_inbox_page(actor, choice, cursor, items)
    day = queries.get_duty_day(actor, items)
    counts = queries.count_inbox(actor, items)
    context = {
        "counts": screens.inbox_counts(counts, choice.view),
        "today_line": screens.today_line(counts, has_union=bool(actor.node_id)),
        "standing_note": screens.standing_note(actor),
        "may_give": actor.may("workflow.give", actor.node_path) and bool(actor.node_id),
        "node_id": actor.node_id,
        "ribbon": screens.day_ribbon(day, actor.at),
        "duty_text": screens.duty_text(day, actor.at),
        "groups": screens.inbox_groups(page, choice),
        "page": page,
        "first_url": screens.inbox_url(choice) if cursor else "",
        "next_url": screens.inbox_url(choice, page.next_cursor) if page.next_cursor else "",
        "filters": screens.inbox_filters(counts.kinds, choice),
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
        is_near=asked.get("near") == "1",
        is_raised=asked.get("raised") == "1",
    )


@require_http_methods(["GET", "POST"])
@door("desk", "workflow.give")
def give(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Give the chosen items to a colleague: first seen which can be given, then done; what could not is named."""
    asked = request.POST if request.method == "POST" else request.GET
    picks = [pick for pick in asked.getlist("pick") if pick.isascii() and pick.isdigit() and len(pick) < 18]
    ids = list(dict.fromkeys(int(pick) for pick in picks))
    people = queries.list_receivers(actor, ids)
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        people=screens.people_choices(actor, people),
        away=list_coming(people, actor.at),
    )
    status, given = 200, None
    try:
        check_choice(ids)
        if request.method == "POST" and form.is_valid():
            clean = form.cleaned_data
            given = actions.give_to_colleague(
                actor, ids, receiver_id=int(clean["receiver"]), submit_key=clean["submit_key"]
            )
        elif request.method == "POST":
            status = 400
    except BadInput as refusal:
        if not refusal.fields:
            raise
        status = put_refusal(form, refusal)
    if given is not None and not given.refused and not given.gone_count:
        messages.success(request, screens.given_text(given.receiver, len(given.given), is_repeat=given.is_repeat))
        return redirect("home:inbox")
    judged = queries.list_judged(actor, ids) if given is None else list(given.refused)
    context = {
        "form": form,
        "given": given,
        "given_text": screens.given_text(given.receiver, len(given.given), is_repeat=False) if given else "",
        "can": [each for each in judged if not each.reason],
        "cannot": [each for each in judged if each.reason],
        "gone_count": given.gone_count if given else len(ids) - len(judged),
        "back_url": reverse("home:inbox"),
    }
    return render(request, "home/give.html", context, status=status)


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

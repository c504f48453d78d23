"""Messages: the receiver's list at both doors, and what the administrator sees of their sending."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from unionhome.core.access.doors import door
from unionhome.core.notices import actions, queries, screens
from unionhome.core.registry import Actor

PAGE = 30


@require_GET
@door("my")
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worker's messages, newest first."""
    return _own(request, actor, "notices/mine.html", "notices:my_notice_read")


@require_GET
@door("desk")
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cadre's messages, newest first."""
    return _own(request, actor, "notices/own.html", "notices:own_notice_read")


def _own(request: HttpRequest, actor: Actor, template: str, read_name: str) -> HttpResponse:
    page = Paginator(queries.list_own(actor), PAGE).get_page(request.GET.get("page"))
    rows = screens.own_rows(page, timezone.localtime(actor.at), read_name)
    return render(request, template, {"page": page, "rows": rows, "unread": queries.count_unread(actor)})


@require_POST
@door("my")
def mine_read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All of the worker's messages are read."""
    actions.mark_all_read(actor)
    return redirect("notices:mine")


@require_POST
@door("desk")
def own_read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All of the cadre's messages are read."""
    actions.mark_all_read(actor)
    return redirect("notices:own")


@require_POST
@door("my")
def my_notice_read(request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """One is read: on to its matter."""
    return redirect(actions.mark_read(actor, notice_id).link or "notices:mine")


@require_POST
@door("desk")
def own_notice_read(request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """One is read: on to its matter."""
    return redirect(actions.mark_read(actor, notice_id).link or "notices:own")


@require_GET
@door("desk", "notices.manage")
def sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What went out in thirty days, what did not and why."""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    counts = queries.count_by_state(actor, channel=channel)
    page = Paginator(queries.list_sent(actor, state=state, channel=channel), PAGE).get_page(request.GET.get("page"))
    context = {
        "state_label": screens.state_label(state),
        "counts": screens.state_counts(counts, state, channel),
        "filters": screens.channel_filters(state, channel),
        "failed_count": counts["failed"],
        "page": page,
        "lines": screens.sent_lines(page),
        "days": queries.SHOWN_DAYS,
    }
    return render(request, "notices/sent.html", context)


@require_POST
@door("desk", "notices.manage")
def again(request: HttpRequest, actor: Actor, notice_id: int) -> HttpResponse:
    """Send a message after all."""
    notice = actions.send_again(actor, notice_id)
    when = timezone.localtime(notice.due_at)
    later = f"现在是不发短信的时段，{when:%m-%d %H:%M} 发出。" if notice.due_at > actor.at else "几秒内发出。"
    messages.success(request, f"已重新排队，{later}")
    return redirect("notices:sent")

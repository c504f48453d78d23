"""The journal, for the audit administrator. The doors lie above the journal's room, hence its pages stand here."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from unionhome.core.access.doors import door
from unionhome.core.access.forms import JournalFilterForm
from unionhome.core.access.screens import data_lines, kind_label, object_label, room_choices, room_titles
from unionhome.core.journal import actions, queries
from unionhome.core.journal.queries import EntryFilter
from unionhome.core.registry import Actor

VIEW = "journal.view"
PAGE = 50
DOORS = {"desk": "工作台", "my": "职工端", "open": "公开页", "api": "接口", "system": "系统"}


@door("desk", VIEW)
def journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who did what, when and where, and whether the chains hold."""
    titles = room_titles()
    form = JournalFilterForm(request.GET, kinds=room_choices())
    valid = form.is_valid()
    only = EntryFilter(
        kind=form.cleaned_data.get("kind", ""),
        text=form.cleaned_data.get("text", ""),
        union=form.cleaned_data.get("union", ""),
        from_on=form.cleaned_data.get("from_on"),
        to_on=form.cleaned_data.get("to_on"),
    )
    page = Paginator(queries.list_entries(actor, only=only), PAGE).get_page(request.GET.get("page"))
    rows = [(entry, titles.get(entry.kind.partition(".")[0], "其他"), DOORS.get(entry.door, "")) for entry in page]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "check": queries.find_last_check(),
        "waiting": queries.find_waiting_check(),
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "access/journal.html", context, status=200 if valid else 400)


@door("desk", VIEW)
def journal_entry(request: HttpRequest, actor: Actor, entry_id: int) -> HttpResponse:
    """One entry with everything its digest covers."""
    entry = queries.get_entry(actor, entry_id)
    context = {
        "entry": entry,
        "title": kind_label(entry.kind),
        "object": object_label(entry.model),
        "door": DOORS.get(entry.door, ""),
        "data": data_lines(entry.kind, entry.data),
    }
    return render(request, "access/journal_entry.html", context)


@require_POST
@door("desk", VIEW)
def check_journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Follow the chains now, or ask the worker to where they are long."""
    check = actions.ask_check(actor)
    if check.done_at is None:
        messages.success(request, "记录很多，后台正在核对，过几分钟再看。")
    elif check.fault_count:
        messages.error(request, f"日志链有{check.fault_count}处不完整：{check.first_fault}。")
    else:
        messages.success(request, f"核对了{check.entry_count}条，日志链完整。")
    return redirect("access:journal")


@require_POST
@door("desk", VIEW)
def export_journal(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The sealed chains of the branch as a file that the verifier follows without a server."""
    lines = actions.export_entries(actor)
    answer = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    name = f"journal-{timezone.localdate(actor.at):%Y-%m-%d}.jsonl"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

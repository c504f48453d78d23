"""The desk's pages of files that look alike: the list, two files side by side, and a merge that can be undone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries
from unionhome.core.members.forms import MergeForm, NoteForm
from unionhome.core.members.rules.duplicates import Decision
from unionhome.core.members.views.desk import put_errors
from unionhome.core.registry import Actor, Refused

PAGE_ROWS = 30


@require_safe
@door("desk", "members.view")
def pairs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Pairs that look alike in the actor's branches, and what became of those decided."""
    state = request.GET.get("state", "")
    chosen = Decision(state) if state in Decision.values else Decision.OPEN
    tabs = [{"name": each.label, "url": f"?state={each.value}", "active": each is chosen} for each in Decision]
    context = {"tabs": tabs, "chosen": chosen, "may_merge": actor.may("members.merge")}
    if chosen is Decision.SAME:
        merges = Paginator(queries.list_merges(actor), PAGE_ROWS).get_page(request.GET.get("page"))
        context |= {"page": merges, "merges": merges.object_list}
    else:
        page = Paginator(queries.list_pairs(actor, chosen), PAGE_ROWS).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": queries.list_pair_rows(actor, page.object_list)}
    return render(request, "members/duplicates.html", context)


@require_POST
@door("desk", "members.merge")
def scan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look through the register now."""
    actions.ask_for_scan(actor)
    messages.success(request, "正在全市会员里查找，几分钟后刷新这一页。")
    return redirect("members:duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.merge")
def pair(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Two files side by side; sent, they become one."""
    row = queries.get_pair_row(actor, pk)
    one, other = (actions.view_file(actor, each) for each in (row.person_id, row.other_id))
    if one.pk == other.pk:
        merge = queries.find_marks(actor, one)[1]
        return redirect("members:merge", pk=merge) if merge else redirect("members:member", pk=one.pk)
    both = queries.get_comparison(actor, one, other)
    keys = [fact.key for fact in both.facts if fact.may_take]
    form, status = MergeForm(request.POST if request.method == "POST" else None, keys=keys), 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and form.cleaned_data["kept"] in (one.pk, other.pk):
            kept = form.cleaned_data["kept"]
            merged = other.pk if kept == one.pk else one.pk
            try:
                made = actions.merge_persons(
                    actor,
                    kept,
                    merged,
                    take=form.cleaned_data["take"],
                    note=form.cleaned_data["note"],
                    submit_key=form.cleaned_data["submit_key"],
                )
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, "两份档案已合并为一份，随时可以撤销。")
                return redirect("members:merge", pk=made.pk)
        elif not form.errors:
            form.add_error(None, "请选一选留下哪一份。")
    context = {"row": row, "both": both, "form": form, "note_form": NoteForm(), "decided": row.state}
    return render(request, "members/duplicate.html", context, status=status)


@require_POST
@door("desk", "members.merge")
def apart(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """They are two people."""
    row = queries.get_pair_row(actor, pk)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    actions.tell_apart(actor, row.person_id, row.other_id, note=note)
    messages.success(request, "记下了：不是同一个人，以后不再提示这一对。")
    return redirect("members:duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
@door("desk", "members.merge")
def merged(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One merge; sent with a reason, it is taken back."""
    row = queries.get_merge(actor, pk)
    form, status = NoteForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.undo_merge(actor, pk, note=form.cleaned_data["note"])
            except Refused as refused:
                put_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, "合并已撤销，两份档案都和合并以前一样。")
                return redirect("members:merge", pk=pk)
    context = {"row": row, "form": form, "line": queries.get_merge_line(actor, row)}
    return render(request, "members/merge.html", context, status=status)

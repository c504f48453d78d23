"""A sealed note opened for one reading."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from unionhome.core.access.doors import door, put_refusal
from unionhome.core.cases import actions, queries, screens
from unionhome.core.cases.forms import UnsealForm
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused


@require_http_methods(["GET", "POST"])
@door("desk", "cases.unseal")
def unseal(request: HttpRequest, actor: Actor, case_id: int, note_id: int) -> HttpResponse:
    """Ask why, then show the text once; whoever may read it anyway reads it on the page of the case."""
    case, note = queries.get_sealed_note(actor, case_id, note_id)
    if queries.may_read_note(actor, case, note):
        return redirect("cases:case", case_id)
    form = UnsealForm(request.POST or None)
    text, status = "", 200
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        try:
            facts = {name: clean[name] for name in ("reason", "words", "submit_key")}
            text = actions.open_note(actor, case_id, note_id, **facts)
        except (NotFound, Forbidden):
            raise
        except Refused as refusal:
            status = put_refusal(form, refusal)
    elif request.method == "POST":
        status = 400
    context = {
        "case": case,
        "form": form,
        "text": text,
        "written": screens.written_text(note, actor.at),
        "list_crumb": screens.list_crumb(case),
    }
    return render(request, "cases/note.html", context, status=status)

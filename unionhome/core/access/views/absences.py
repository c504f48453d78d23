"""Days on which somebody is away: one's own, and for who may, those of colleagues of the branch."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unionhome.core.access import actions, queries, screens
from unionhome.core.access.doors import door, put_refusal
from unionhome.core.access.forms import AbsenceForm
from unionhome.core.access.models import User
from unionhome.core.registry import Actor, NotFound, Refused

FOR_OTHERS = "access.absences"
PAGE = 50
MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@door("desk")
def absences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The actor's own."""
    return _page(request, actor, queries.get_self(actor))


@require_http_methods(["GET", "POST"])
@door("desk", FOR_OTHERS)
def user_absences(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """Those of a colleague of the branch."""
    return _page(request, actor, queries.find_absentee(actor, user_id))


def _page(request: HttpRequest, actor: Actor, user: User) -> HttpResponse:
    people = queries.list_stand_in_choices(user)
    form = AbsenceForm(request.POST or None, people=screens.stand_in_choices(people, user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            facts = dict(form.cleaned_data)
            try:
                absence = actions.set_absence(actor, user.pk, stand_in_id=int(facts.pop("stand_in")), **facts)
            except NotFound:
                raise
            except Refused as refusal:
                status = put_refusal(form, refusal)
            else:
                messages.success(request, screens.absence_told(absence, is_own=user.pk == actor.user_id))
                return redirect("access:absences") if user.pk == actor.user_id else redirect(request.path)
    is_own = user.pk == actor.user_id
    today = timezone.localdate(actor.at)
    context = {
        "user": user,
        "is_own": is_own,
        "form": form,
        "has_people": bool(people),
        "rows": screens.absence_rows(queries.list_absences_of(user), today),
        "standing_in": screens.standing_rows(queries.list_standing_in(actor), today) if is_own else [],
        "may_others": actor.may(FOR_OTHERS),
    }
    return render(request, "access/absences.html", context, status=status)


@require_POST
@door("desk")
def end_absence(request: HttpRequest, actor: Actor, absence_id: int) -> HttpResponse:
    """End an absence early, or take it back before it begins."""
    absence = actions.end_absence(actor, absence_id)
    if absence.user_id == actor.user_id:
        messages.success(request, "已经结束，交给您办的事又由您自己办。")
        return redirect("access:absences")
    messages.success(request, f"已经结束，交给{absence.user.name}办的事又由本人办。")
    return redirect("access:user_absences", absence.user_id)


@require_GET
@door("desk", FOR_OTHERS)
def branch_absences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who of the branch is away now or later, and the search for a colleague."""
    text = request.GET.get("q", "").strip()[:60]
    people = queries.list_users(actor, text, permission=FOR_OTHERS).filter(is_active=True, node__isnull=False)
    page = Paginator(queries.list_absences(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": screens.absence_rows(list(page.object_list), timezone.localdate(actor.at)),
        "text": text,
        "people": list(people.order_by("name", "pk")[:MOST_FOUND]) if text else [],
        "most": MOST_FOUND,
    }
    return render(request, "access/branch_absences.html", context)

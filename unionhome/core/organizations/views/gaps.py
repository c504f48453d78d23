"""Coverage gaps: counted, listed, exported, each row leading to the act that closes it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_safe

from unionhome.core.access.doors import door
from unionhome.core.organizations import actions, queries, screens, sheets
from unionhome.core.organizations.forms import DayForm, GapFilterForm, take_refusal
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused

PAGE = 50
VIEW, MANAGE = "organizations.view", "organizations.manage"
NAMES = {"division_code": "place", "employer_name": "name", "employer_uscc": "uscc", "founded_on": "on"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@door("desk", VIEW)
def gaps(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is not covered, by county and town; the counts filter."""
    form = GapFilterForm(request.GET)
    filters = form.filters()
    page = Paginator(queries.list_gaps(actor, filters), PAGE).get_page(request.GET.get("page"))
    cells = queries.list_cells_of_places({gap.division_id for gap in page if gap.kind == "worker"})
    foundings = queries.list_founding_ways(actor, {gap.employer_id for gap in page if gap.employer_id is not None})
    manages = queries.may_set_cells(actor)
    context = {
        "form": form,
        "page": page,
        "groups": screens.gap_groups(list(page), cells, foundings, manages=manages),
        "counts": screens.gap_counts(queries.count_coverage(actor, filters.division), filters),
        "filters": screens.gap_filters(filters, queries.list_parts(actor, filters.division)),
        "clear_url": reverse("organizations:gaps"),
        "is_filtered": bool(filters),
        "export_url": f"{reverse('organizations:gaps_export')}?{request.GET.urlencode()}",
        "can_enter": queries.may_enter_employers(actor),
        "manages": manages,
    }
    return render(request, "organizations/gaps.html", context)


@require_GET
@door("desk", VIEW)
def gaps_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The gaps as they are filtered, as a workbook."""
    data = sheets.gap_workbook(queries.list_gaps(actor, GapFilterForm(request.GET).filters()))
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, "覆盖缺口.xlsx") or "attachment"
    return answer


@door("desk", MANAGE)
def place_found(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Found the federation of a town or village that has none, with those of the villages below it."""
    chain = queries.list_division_chain(request.GET.get("division", ""))
    if not chain or not queries.may_see_place(actor, chain[-1].code):
        raise NotFound()
    if not queries.may_set_cells(actor, queries.find_union_of_division(chain[-1].code)):
        raise Forbidden("由镇（街道）以上工会办理。")
    form = DayForm(request.POST or None, initial={"on": timezone.localdate(actor.at)})
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                count = actions.found_place_unions(actor, chain[-1].code, on=form.cleaned_data["on"])
                messages.success(request, f"已建立 {count} 个工会。" if count else "这里的工会已经建立，没有重复建立。")
                return redirect("organizations:gaps")
            status = 400
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            take_refusal(form, refusal.fields, refusal.sentence, NAMES)
            status = refusal.status
    context = {"form": form, "place": chain[-1], "chain": chain[1:], "names": queries.list_unions_to_found(chain[-1])}
    return render(request, "organizations/place_found.html", context, status=status)

"""The desk's reconciliations: counts of what cannot be right, each opening its rows, each row leading to its act."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.members import actions, queries, sheets
from unionhome.core.members.queries.reconcile import CHECKS, REPORTED
from unionhome.core.members.views.rosters import WORKBOOK
from unionhome.core.registry import Actor

PAGE_ROWS = 40


def _chosen(request: HttpRequest) -> str:
    check = request.GET.get("check", "")
    return check if check in CHECKS else REPORTED


@require_safe
@door("desk", "members.view")
def checks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every check with its count, and the rows of one."""
    chosen = _chosen(request)
    counts = queries.count_checks(actor)
    context: dict[str, Any] = {
        "counts": [
            {
                "label": title, "value": counts[name], "url": f"?check={name}", "active": name == chosen,
                "tone": "amber" if counts[name] else "ink",
            }
            for name, (title, _) in CHECKS.items()
        ],
        "chosen": chosen,
        "title": CHECKS[chosen][0],
        "hint": CHECKS[chosen][1],
    }  # fmt: skip
    found: Any = queries.list_union_checks(actor) if chosen == REPORTED else queries.list_member_checks(actor, chosen)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    lines = page.object_list if chosen == REPORTED else queries.list_check_members(actor, chosen, page.object_list)
    return render(request, "members/reconcile.html", {**context, "page": page, "rows": lines})


@require_safe
@door("desk", "members.view")
def sheet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The rows of one check as a workbook, masked as on the page."""
    chosen = _chosen(request)
    title = CHECKS[chosen][0]
    headers: tuple[str, ...]
    rows: list[tuple[object, ...]]
    if chosen == REPORTED:
        headers = ("工会", "工会编码", "上报（人）", "登记（人）", "相差（人）")
        unions: Any = queries.list_union_checks(actor)
        rows = [(each.node.name, each.node.code, each.members_count, each.counted, each.gap) for each in unions]
    else:
        headers = ("姓名", "证件号码", "所在工会", "工作单位", "会籍", "情况")
        found = queries.list_check_members(actor, chosen, queries.list_member_checks(actor, chosen).iterator(2000))
        rows = [(row.name, row.document, row.union, row.employer, row.status, row.why) for row in found]
    actions.note_reconcile_download(actor, title, len(rows))
    answer = HttpResponse(sheets.list_workbook(headers, rows, sheet_name="会员核对"), content_type=WORKBOOK)
    answer["Content-Disposition"] = content_disposition_header(True, f"会员核对-{title}.xlsx") or "attachment"
    return answer

"""通报图片: the words for a group of colleagues as a picture, to press long or to download."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from unionhome.core.access.doors import door
from unionhome.core.cases import queries, screens
from unionhome.core.registry import Actor, NotFound, Refused
from unionhome.kit.errors import InputRefused
from unionhome.kit.papers import render_notice


@require_safe
@door("desk", "cases.view")
def group_page(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The picture with its words. Not there for a matter that must stay hidden from somebody."""
    case = queries.get_case(actor, case_id)
    context: dict[str, Any] = {"case": case, "text": screens.group_words(actor, case)}
    if not context["text"]:
        raise NotFound()
    return render(request, "cases/group.html", context)


@require_safe
@door("desk", "cases.view")
def group_picture(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The picture itself; with `?save=1` as a file."""
    case = queries.get_case(actor, case_id)
    notice = screens.group_notice(actor, case)
    if notice is None:
        raise NotFound()
    try:
        answer = HttpResponse(render_notice(notice), content_type="image/png")
    except InputRefused as refused:
        raise Refused(refused.sentence, refused.code) from refused
    is_saved = request.GET.get("save") == "1"
    answer["Content-Disposition"] = content_disposition_header(is_saved, f"通报-{case.number}.png") or "inline"
    return answer

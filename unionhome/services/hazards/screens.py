"""The part of a case's page that is a hazard's own: before and after, the grade, the unit, reports of the same one."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import get_kind, is_handled
from unionhome.core.files.models import SealedFile
from unionhome.core.registry import Actor
from unionhome.core.workflow.rules import is_overdue
from unionhome.kit.dates import day_text, moment_text
from unionhome.kit.forms import Form
from unionhome.services.hazards import queries
from unionhome.services.hazards.actions import KEPT_BACK
from unionhome.services.hazards.models import Grade, HazardDetail, Outgoing, OutsideService
from unionhome.services.hazards.queries import Near
from unionhome.services.hazards.rules import MICRO, status_words

PLAN = (("责任", "duty"), ("措施", "measures"), ("资金", "funds"), ("时限", "schedule"), ("预案", "emergency"))
NOTES = (
    ("evacuate", "提请撤人", "urgent"),
    ("plan", "写五落实", "list-check"),
    ("refuse", "记下拒不整改", "hand-stop"),
)


def case_panel(actor: Actor, case: Case, base_url: str) -> tuple[str, dict[str, Any]]:
    """The template and what it shows; a worker sees nothing that only the union is to see."""
    detail = queries.get_detail(case)
    is_desk = actor.door == "desk"
    before, after = queries.list_photos(case, detail, None if is_desk else queries.find_led(case))
    can_act = is_desk and is_handled(actor, case)
    outgoing = queries.find_outgoing(case) if is_desk and detail.authority else None
    return "hazards/panel.html", {
        "before": [_photo(file, base_url) for file in before],
        "after": [_photo(file, base_url) for file in after],
        "rows": [*_desk_rows(actor, detail), *_outgoing_rows(actor, outgoing)] if is_desk else _own_rows(detail),
        "notes": [*_notes(detail), *_resend(outgoing)] if can_act else [],
        "near": _near(actor, detail, is_desk=is_desk),
        "follow_url": "" if is_desk else f"{base_url.replace('/matters/', '/hazards/')}follow/",
        "merge_url": reverse("hazards:take", args=[case.pk, "merge"]) if can_act else "",
        "evacuated": detail.evacuation_at is not None and not get_kind(case.kind).table.state(case.state).is_end,
        "follows": detail.leader_id is not None,
    }


def _photo(file: SealedFile, base_url: str) -> dict[str, str]:
    url = f"{base_url}files/{file.pk}/"
    return {"url": url, "small_url": f"{url}?small=1", "name": file.name}


def _own_rows(detail: HazardDetail) -> list[dict[str, str]]:
    rows = []
    if detail.leader is not None:
        state = get_kind(detail.leader.kind).table.state(detail.leader.state)
        rows.append({"label": "同一处", "value": f"{detail.leader.number}，{state.label}"})
    if detail.grade:
        rows.append({"label": "等级", "value": Grade(detail.grade).label})
    if detail.rectify_on and not get_kind(detail.case.kind).table.state(detail.case.state).is_end:
        rows.append({"label": "整改到期", "value": f"{day_text(detail.rectify_on)}以前"})
    if detail.authority:
        rows.append({"label": "移交给", "value": detail.authority})
    return rows


def _desk_rows(actor: Actor, detail: HazardDetail) -> list[dict[str, str]]:
    case, now = detail.case, timezone.localtime(actor.at)
    rows = _own_rows(detail)
    if detail.basis:
        rows.append({"label": "定级依据", "value": detail.basis})
    if detail.sent_at:
        rows.append({"label": "责任单位", "value": case.employer_text})
    if detail.due_at and not get_kind(case.kind).table.state(case.state).is_end:
        late = "，已到期" if is_overdue(detail.due_at, actor.at) else ""
        rows.append({"label": "本步到期", "value": moment_text(timezone.localtime(detail.due_at), now) + late})
    if detail.latitude is not None and detail.longitude is not None:
        rows.append({"label": "位置", "value": f"{detail.latitude / MICRO:.5f}，{detail.longitude / MICRO:.5f}"})
    rows += [{"label": label, "value": getattr(detail, name)} for label, name in PLAN if getattr(detail, name)]
    for label, at in (("提请撤人", detail.evacuation_at), ("拒不整改", detail.refused_at), ("督办", detail.urged_at)):
        if at is not None:
            times = f"，共{detail.urged_count}次" if label == "督办" else ""
            rows.append({"label": label, "value": moment_text(timezone.localtime(at), now) + times})
    if detail.paper_number:
        rows.append({"label": "文号", "value": detail.paper_number})
    followers = queries.count_followers(case)
    if followers:
        rows.append({"label": "跟进的人", "value": f"另有{followers}件报的是同一处"})
    if detail.is_anonymous:
        rows.append({"label": "匿名", "value": "没有留下是谁，凭网址看进度"})
    return rows


def _notes(detail: HazardDetail) -> list[dict[str, Any]]:
    """Acts that change the hazard but not its state; what does not fit now is left out."""
    now = list_notes_now(detail)
    return [
        {
            "url": reverse("hazards:take", args=[detail.case.pk, verb]),
            "label": "改五落实" if verb == "plan" and detail.has_plan else label,
            "icon": icon,
            "post": verb == "evacuate",
        }
        for verb, label, icon in NOTES
        if verb in now
    ]


def list_notes_now(detail: HazardDetail) -> list[str]:
    """Which of those acts fit now."""
    state = detail.case.state
    shown = {
        "evacuate": state in ("reported", "checked", "graded", "rectifying", "urged") and detail.evacuation_at is None,
        "plan": detail.grade == Grade.MAJOR and state in ("graded", "rectifying", "urged"),
        "refuse": state in ("rectifying", "urged") and detail.refused_at is None,
    }
    return [verb for verb, fits in shown.items() if fits]


def _near(actor: Actor, detail: HazardDetail, *, is_desk: bool) -> list[dict[str, Any]]:
    if detail.case.state not in (("reported", "checked") if is_desk else ("reported",)):
        return []
    near = queries.list_near_for(actor, detail) if is_desk else queries.list_near(detail, actor.at)
    words = queries.list_words(actor, near) if is_desk and near else {}
    return [_near_row(actor, each, words.get(each.case.pk, ""), is_desk=is_desk) for each in near]


def _opened(actor: Actor, case: Case, *, is_desk: bool) -> str:
    """When it was reported; to who is not of the union only the day, or the hour would tell a foreman who it was."""
    if not is_desk:
        return day_text(case.opened_on)
    return moment_text(timezone.localtime(case.opened_at), timezone.localtime(actor.at))


def _distance(near: Near) -> str:
    """How far; only to the union: by it and a point of one's own choice a report could be placed."""
    return "" if near.metres is None else ("同一个位置" if near.metres < 5 else f"相距{near.metres}米")


def _near_row(actor: Actor, near: Near, words: str, *, is_desk: bool) -> dict[str, Any]:
    kind = get_kind(near.case.kind)
    facts = [_distance(near) if is_desk else "", "照片看起来一样" if near.is_alike else ""]
    return {
        "id": near.case.pk,
        "number": near.case.number,
        "title": kind.category(near.case.category).label,
        "state": kind.table.state(near.case.state).label,
        "opened": _opened(actor, near.case, is_desk=is_desk),
        "why": "，".join(fact for fact in facts if fact),
        "words": words,
        "url": reverse("cases:case", args=[near.case.pk]) if is_desk else "",
    }


# -- the interface to the authority ------------------------------------------------------------------------------------


def offer_interface(form: Form, case: Case) -> None:
    """Leave the two switches away where no interface is set; where this one may not go that way, say why."""
    if not settings.OPEN311_RECEIVER.url:
        del form.fields["by_interface"], form.fields["photo_is_clear"]
        return
    form.fields["by_interface"].label = f"同时用接口送到{settings.OPEN311_RECEIVER.name}"
    if queries.may_leave(case):
        form.fields[
            "by_interface"
        ].help_text = "送编号、类别、地点、责任单位、文号和上面的说明。不送是谁报的、原话和电话。"
        return
    form.fields["by_interface"].help_text = KEPT_BACK
    form.fields["by_interface"].disabled = True
    del form.fields["photo_is_clear"]


def _outgoing_rows(actor: Actor, outgoing: Outgoing | None) -> list[dict[str, str]]:
    if outgoing is None:
        return []
    now, name = timezone.localtime(actor.at), settings.OPEN311_RECEIVER.name
    at = outgoing.sent_at or outgoing.created_at
    rows = [
        {"label": "用接口送", "value": f"{outgoing.get_state_display()}，{moment_text(timezone.localtime(at), now)}"}
    ]
    if outgoing.number or outgoing.token:
        rows.append({"label": "对方编号", "value": outgoing.number or "对方还没有给"})
    if outgoing.status and outgoing.heard_at:
        said = f"：{outgoing.notes}" if outgoing.notes else ""
        heard = moment_text(timezone.localtime(outgoing.heard_at), now)
        rows.append({"label": f"{name}说", "value": f"{status_words(outgoing.status)}{said}（{heard}问的）"})
    if outgoing.reason:
        again = "过一会儿再试。" if outgoing.state == Outgoing.State.WAITING else ""
        rows.append({"label": "没送到的原因" if not outgoing.sent_at else "进度", "value": outgoing.reason + again})
    return rows


def _resend(outgoing: Outgoing | None) -> list[dict[str, Any]]:
    if outgoing is None or outgoing.state != Outgoing.State.FAILED:
        return []
    url = reverse("hazards:take", args=[outgoing.case_id, "resend"])
    return [{"url": url, "label": "再用接口送一次", "icon": "send", "post": True}]


def service_choices(services: list[OutsideService]) -> list[tuple[str, str]]:
    """Their kinds to choose from."""
    return [(each.code, f"{each.group}：{each.name}" if each.group else each.name) for each in services]


def outside_page(services: list[OutsideService]) -> dict[str, Any]:
    """What is set, without the key, and when their list was read."""
    receiver = settings.OPEN311_RECEIVER
    read_at = max((each.read_at for each in services), default=None)
    return {
        "is_set": bool(receiver.url),
        "services": services,
        "facts": [
            {"label": "叫什么", "value": receiver.name},
            {"label": "地址", "value": receiver.url},
            {"label": "辖区代码", "value": receiver.jurisdiction or "不用填"},
            {"label": "密钥", "value": "已设" if receiver.key else "没有设"},
            {
                "label": "对方的类别",
                "value": f"{len(services)}类，{timezone.localtime(read_at):%Y-%m-%d}读的" if read_at else "还没有读",
            },
        ],
        "settings": [
            ("UNIONHOME_OPEN311_URL", "对方 Open311（GeoReport v2）服务的地址，https 开头"),
            ("UNIONHOME_OPEN311_NAME", "对方叫什么，比如“市12345”"),
            ("UNIONHOME_OPEN311_KEY", "对方给的密钥"),
            ("UNIONHOME_OPEN311_JURISDICTION", "对方的辖区代码，只有一个辖区的不用设"),
            ("UNIONHOME_OPEN311_PRIVATE", "对方在政务内网的，设成 1"),
        ],
    }

"""Asking for help: from the worker's phone, or written down by a cadre beside the worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import transaction

from unionhome.core.access.actions import limit
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.actions import NewCase, Outside, Upload, join_case, open_case, prepare_uploads, refuse_flood
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import Applicant, find_applicant, find_case_by_submit
from unionhome.core.cases.rules import OUTSIDE, Route
from unionhome.core.files.actions import Content
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import get_any_node
from unionhome.services.helpdesk.actions.helping import (
    Helped,
    check_helped,
    check_helper,
    keep_helped,
    prepare_slip,
    refuse_own_phone,
)
from unionhome.services.helpdesk.models import NeedDetail
from unionhome.services.helpdesk.queries import find_like, find_route, is_about_employer, is_hidden_as
from unionhome.services.helpdesk.rules.helped import Gathered

HOTLINE_ORIGIN = "hotline"
"""Origin of what 12351 gave over, where the caller may have rung from a landline."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a worker tells. Only the text, a category and, without an account, a phone are needed. `origin` says how a
    cadre who writes it down came by it."""

    category: str
    text: str
    phone: str = ""
    name: str = ""
    hide_from_employer: bool = True
    employer: Employer | None = None
    employer_text: str = ""
    division: Division | None = None
    place_text: str = ""
    join: bool = False
    submit_key: str = ""
    uploads: Sequence[Upload] = field(default=())
    helped: Helped | None = None
    origin: str = Gathered.WALK_IN


def report_need(actor: Actor, need: Need, *, address: str = "") -> tuple[Case, str]:
    """Send a worker's need on its route; the case and its receipt code. A repeat returns the same.

    Raises BadInput without text, or without a phone to ring back on; TooMany where one phone, one account or, without
    an account, one network address floods.
    """
    if address and not actor.is_signed_in and find_case_by_submit(need.submit_key) is None:
        limit(actor, "helpdesk.report", address, settings.REPORTS_PER_ADDRESS, 60)
    applicant = find_applicant(actor)
    return send_need(actor, need, applicant, need.phone or find_own_phone(actor), origin="phone")


def keep_detail(actor: Actor, appeal: Case, original: Case) -> None:
    """Keep for an appeal what is known of the need it is about."""
    before = NeedDetail.objects.filter(case=original).first()
    NeedDetail.objects.create(
        case=appeal,
        is_about_employer=before.is_about_employer if before else is_about_employer(appeal.category),
        is_hidden_from_employer=before.is_hidden_from_employer if before else bool(appeal.hidden_path),
        registered_for=before.registered_for if before else False,
        route_why="不服原来的办理，交给上一级工会",
    )


def keep_category(case: Case, route: Route | None) -> None:
    """Keep for a need whose category was corrected what it is now, and why it went where it goes; `route` is None where
    it stays."""
    detail = NeedDetail.objects.filter(case=case).first()
    if detail is not None:
        detail.is_hidden_from_employer = is_hidden_as(case, case.category)
        detail.is_about_employer = is_about_employer(case.category)
        detail.route_why = route.why if route else detail.route_why
        detail.save(update_fields=["is_hidden_from_employer", "is_about_employer", "route_why"])


def register_need(actor: Actor, need: Need) -> tuple[Case, str]:
    """Write down the need of a worker who came in, rang, was visited or spoke up at a service site, with who helped and
    how the worker agreed (帮代办).

    A worker without a phone is reached through the helper, whose number is kept with the helper and is never the
    worker's. Raises BadInput as `report_need`, and where there is no consent or the helper may not bring the matter.
    """
    actor.require("helpdesk.register")
    if need.origin not in Gathered.values:
        raise BadInput("请选从哪里来的。", "origin-unknown", fields={"origin": "请选从哪里来的。"})
    helped = check_helped(need.helped, need.phone, is_about=is_about_employer(need.category) or need.hide_from_employer)
    phone = "" if helped.is_contact and need.phone == helped.phone else need.phone
    refuse_own_phone(actor, phone)
    return send_need(actor, replace(need, helped=helped), Applicant(name=need.name), phone, origin=need.origin)


def receive_need(actor: Actor, outside: Outside) -> tuple[Case, str]:
    """A need that another system hands over for somebody. Raises BadInput as `report_need`."""
    need = Need(
        category=outside.category,
        text=outside.text,
        phone=outside.phone,
        name=outside.name,
        hide_from_employer=outside.hide_from_employer,
        employer=outside.employer,
        employer_text=outside.employer_text,
        division=outside.division,
        place_text=outside.place_text or outside.point,
        submit_key=outside.submit_key,
        uploads=outside.uploads,
    )
    return send_need(actor, need, Applicant(name=need.name), need.phone, origin=OUTSIDE)


def _refuse_incomplete(need: Need, phone: str, origin: str) -> None:
    if not need.text.strip():
        raise BadInput("请写一句遇到了什么难处。", "text-missing", fields={"text": "请写一句遇到了什么难处。"})
    reached_otherwise = origin == HOTLINE_ORIGIN or (need.helped is not None and need.helped.is_contact)
    if not phone and not reached_otherwise:
        raise BadInput(
            "请留一个电话，工会好联系您。", "phone-missing", fields={"phone": "请留一个电话，工会好联系您。"}
        )


def send_need(actor: Actor, need: Need, applicant: Applicant, phone: str, *, origin: str) -> tuple[Case, str]:
    """Send a need on its route, however it came; the case and its receipt code. Raises BadInput as `report_need`."""
    _refuse_incomplete(need, phone, origin)
    employer = need.employer or applicant.employer
    route = find_route(
        applicant, category=need.category, hide=need.hide_from_employer, employer=employer, division=need.division
    )
    if route is None:
        raise BadInput("系统里还没有工会，请联系管理员。", "no-union")
    node = get_any_node(route.union.id)
    is_first = find_case_by_submit(need.submit_key) is None
    if is_first:
        refuse_flood(actor, phone, node)
    slip = _check_helper(actor, need, route, node) if is_first else []
    new = NewCase(
        kind="helpdesk.need",
        category=need.category,
        text=need.text.strip(),
        node=node,
        origin=origin,
        phone=phone,
        applicant_name=need.name or applicant.name,
        person=applicant.person,
        employer=employer,
        employer_text=need.employer_text,
        division=need.division,
        place_text=need.place_text,
        hidden_path=route.hidden_path,
        submit_key=need.submit_key,
        contents=prepare_uploads(actor, need.uploads, node),
    )
    like = None
    if need.join and not need.hide_from_employer and is_first:
        like = find_like(actor, route, new.category, employer=employer, division=need.division, place=need.place_text)
    with transaction.atomic():
        case, receipt = open_case(actor, new)
        NeedDetail.objects.get_or_create(
            case=case,
            defaults={
                "is_about_employer": is_about_employer(need.category),
                "is_hidden_from_employer": need.hide_from_employer,
                "route_why": route.why,
                "registered_for": origin in Gathered.values,
            },
        )
        if need.helped is not None:
            keep_helped(actor, case, need.helped, slip)
        if like is not None:
            case = join_case(actor, case, like)
    return case, receipt


def _check_helper(actor: Actor, need: Need, route: Route, node: Node) -> list[Content]:
    """Whether the helper may bring it; the signed slip, made ready."""
    if need.helped is None:
        return []
    check_helper(actor, need.helped, route, node)
    return prepare_slip(actor, need.helped, node)

"""Reporting a hazard: photographs, place and words, with a name or without."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from unionhome.core.access.actions import limit
from unionhome.core.access.queries import find_own_phone
from unionhome.core.cases.actions import (
    NewCase,
    Outside,
    Upload,
    open_case,
    prepare_uploads,
    refresh_item,
    refuse_flood,
    unnamed,
)
from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import Applicant, find_applicant, find_case_by_submit, get_kind
from unionhome.core.cases.rules import OUTSIDE, Route
from unionhome.core.files.actions import Content
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.queries import get_any_node
from unionhome.services.hazards import queries
from unionhome.services.hazards.actions.locking import due_after_days
from unionhome.services.hazards.models import HazardDetail
from unionhome.services.hazards.rules import Point, read_point
from unionhome.services.hazards.workflow import KIND

MOST_PHOTOS = 9


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody saw. A photograph, a kind, words, and a town or a point are needed."""

    category: str
    text: str
    uploads: Sequence[Upload] = field(default=())
    division: Division | None = None
    place_text: str = ""
    point: str = ""
    employer: Employer | None = None
    employer_text: str = ""
    hide_from_employer: bool = True
    is_anonymous: bool = False
    phone: str = ""
    submit_key: str = ""
    name: str = ""
    origin: str = "phone"

    @property
    def is_outside(self) -> bool:
        """Another system hands it over: whoever has the token is not who saw it."""
        return self.origin == OUTSIDE

    @property
    def is_nameless(self) -> bool:
        """Another system says nothing of who saw it: the names of its files must not, either."""
        return self.is_outside and not (self.name or self.phone)


def report_hazard(actor: Actor, report: Report, *, address: str = "") -> tuple[Case, str]:
    """Report a hazard; the case and its receipt code. A repeat returns the same.

    Who reports without a name leaves no account, person, name or phone behind. Raises BadInput without words, a place,
    a photograph, or with more than nine or what is no picture; TooMany where one network address, or one phone, floods.
    """
    routed_as = Applicant(name=report.name) if report.is_outside else find_applicant(actor)
    if report.is_anonymous:
        actor = Actor.public(actor.at, actor.request_id)
    point = _check(actor, report)
    is_new = find_case_by_submit(report.submit_key) is None
    if address and not actor.is_signed_in and is_new:
        limit(actor, "hazards.report", address, settings.REPORTS_PER_ADDRESS, 60)
    route = queries.find_hazard_route(
        routed_as,
        hide=report.hide_from_employer or report.is_anonymous,
        employer=report.employer,
        division=report.division,
    )
    if route is None:
        raise BadInput("系统里还没有工会，请联系管理员。", "no-union")
    return _open(actor, report, route, point, routed_as, is_new=is_new)


def receive_hazard(actor: Actor, outside: Outside) -> tuple[Case, str]:
    """A hazard that another system hands over: a place in words is enough, and photographs may be missing, which not
    every system can send. Raises as `report_hazard`."""
    report = Report(
        category=outside.category,
        text=outside.text,
        uploads=outside.uploads,
        division=outside.division,
        place_text=outside.place_text,
        point=outside.point,
        employer=outside.employer,
        employer_text=outside.employer_text,
        hide_from_employer=outside.hide_from_employer,
        phone=outside.phone,
        name=outside.name,
        submit_key=outside.submit_key,
        origin=OUTSIDE,
    )
    return report_hazard(actor, report)


def _check(actor: Actor, report: Report) -> Point | None:
    if not report.uploads and not report.is_outside:
        raise _bad("请先拍一张照片。", "photo-missing", "photos")
    if len(report.uploads) > MOST_PHOTOS:
        raise _bad(f"最多 {MOST_PHOTOS} 张照片，请挑一挑。", "too-many-photos", "photos")
    if not report.text.strip():
        raise _bad("请写一句哪里不安全。", "text-missing", "text")
    point = read_point(report.point, queries.get_reach(actor.at))
    is_told = report.is_outside and bool(report.place_text.strip())
    if point is None and report.division is None and not is_told:
        raise _bad("请选在哪个镇街，或者用手机定位。", "place-missing", "town")
    return point


def _bad(sentence: str, code: str, name: str) -> BadInput:
    return BadInput(sentence, code, fields={name: sentence})


def _open(
    actor: Actor, report: Report, route: Route, point: Point | None, applicant: Applicant, *, is_new: bool
) -> tuple[Case, str]:
    node = get_any_node(route.union.id)
    phone = "" if report.is_anonymous else report.phone
    if not (phone or report.is_anonymous or report.is_outside):
        phone = find_own_phone(actor)
    if is_new:
        refuse_flood(actor, phone, node)
    known = Applicant() if report.is_anonymous else applicant
    uploads = unnamed(report.uploads) if report.is_anonymous or report.is_nameless else report.uploads
    contents = prepare_uploads(actor, uploads, node) if is_new else []
    new = NewCase(
        kind=KIND,
        category=report.category,
        text=report.text.strip(),
        node=node,
        origin=report.origin,
        title=_title(report),
        phone=phone,
        applicant_name=known.name,
        person=known.person,
        employer=report.employer,
        employer_text=report.employer_text,
        division=report.division,
        place_text=report.place_text,
        hidden_path=route.hidden_path,
        submit_key=report.submit_key,
        contents=contents,
    )
    with transaction.atomic():
        case, receipt = open_case(actor, new)
        _keep_detail(actor, case, report, route, point, contents)
    return case, receipt


def _title(report: Report) -> str:
    """隐患：高处临边，人民街道. What it is and where; never who."""
    labels = {each.code: each.label for each in get_kind(KIND).categories}
    place = f"，{report.division.name}" if report.division else ""
    return f"隐患：{labels.get(report.category, '')}{place}"


def _keep_detail(
    actor: Actor, case: Case, report: Report, route: Route, point: Point | None, contents: Sequence[Content]
) -> None:
    _, is_made = HazardDetail.objects.get_or_create(
        case=case,
        defaults={
            "latitude": point.latitude if point else None,
            "longitude": point.longitude if point else None,
            "look": contents[0].look if contents else "",
            "is_anonymous": report.is_anonymous,
            "is_hidden_from_employer": report.hide_from_employer or report.is_anonymous,
            "route_why": route.why,
            "due_at": due_after_days(actor, "hazards.check_days", case.node),
        },
    )
    if is_made:
        refresh_item(actor, case)

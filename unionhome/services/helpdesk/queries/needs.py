"""What is asked before a need is sent, and what is known of it later."""

from typing import Any

from unionhome.core.cases.models import Case
from unionhome.core.cases.queries import Applicant, find_joinable
from unionhome.core.cases.queries import find_route as route_of
from unionhome.core.cases.rules import Route
from unionhome.core.members.queries import get_membership
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import find_any_node
from unionhome.kit.codes import mask_numbers
from unionhome.services.helpdesk.models import NeedDetail
from unionhome.services.helpdesk.workflow import CATEGORIES


def find_route(
    applicant: Applicant, *, category: str, hide: bool, employer: Employer | None, division: Division | None
) -> Route | None:
    """The route of a need as it would be sent now."""
    about_employer = is_about_employer(category)
    return route_of(applicant, about_employer=about_employer, hide=hide, employer=employer, division=division)


def find_like(
    actor: Actor, route: Route, category: str, *, employer: Employer | None, division: Division | None, place: str
) -> Case | None:
    """A need with which this one can be worked on, if its worker wishes; never one that is hidden from anybody."""
    node = find_any_node(route.union.id)
    if route.hidden_path or node is None:
        return None
    return find_joinable(
        kind="helpdesk.need",
        category=category,
        node=node,
        employer=employer,
        division=division,
        place_text=mask_numbers(place),
        at=actor.at,
        apart=NeedDetail.objects.filter(is_hidden_from_employer=True).values("case_id"),
    )


def get_facts(actor: Actor, case: Case) -> dict[str, Any]:
    """What the page of a need looks at: whether its worker wished that the employer be told nothing, whoever that is.
    The caller has scoped the case."""
    wishes = NeedDetail.objects.filter(case=case).values_list("is_hidden_from_employer", flat=True)
    return {"is_quiet": bool(wishes.first())}


def list_reroutes(case: Case) -> dict[str, Route]:
    """Where each category would lead a need, by code; two kinds of category, two routes."""
    detail, asker = _find_detail(case), _asker(case)
    known: dict[tuple[bool, bool], Route | None] = {}
    for each in CATEGORIES:
        key = each.about_employer, _is_hidden(case, detail, each.code)
        if key not in known:
            about, hide = key
            known[key] = route_of(
                asker, about_employer=about, hide=hide, employer=case.employer, division=case.division
            )
    keys = {each.code: (each.about_employer, _is_hidden(case, detail, each.code)) for each in CATEGORIES}
    return {code: route for code, key in keys.items() if (route := known[key]) is not None}


def is_hidden_as(case: Case, category: str) -> bool:
    """Whether a need is kept from the employer once it is of that category: as it was wished, and where it turns out to
    be about the employer only now, so that nobody has been asked, by the preset."""
    return _is_hidden(case, _find_detail(case), category)


def _find_detail(case: Case) -> NeedDetail | None:
    return NeedDetail.objects.filter(case=case).first()


def _is_hidden(case: Case, detail: NeedDetail | None, category: str) -> bool:
    was_about = detail.is_about_employer if detail else is_about_employer(case.category)
    was_hidden = detail.is_hidden_from_employer if detail else bool(case.hidden_path)
    return was_hidden or (is_about_employer(category) and not was_about)


def _asker(case: Case) -> Applicant:
    """What the register knows today of whose need it is."""
    membership = get_membership(case.person_id) if case.person_id else None
    return Applicant(
        person=case.person,
        name=case.applicant_name,
        node=membership.node if membership else None,
        employer=membership.employer if membership else None,
    )


def is_about_employer(category: str) -> bool:
    """Whether the category presets hiding the matter from the employer's union."""
    return any(each.code == category and each.about_employer for each in CATEGORIES)


def get_category_label(category: str) -> str:
    """What people call a category."""
    return next(each.label for each in CATEGORIES if each.code == category)

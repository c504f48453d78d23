"""What foundings and re-elections put on the page of a union."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from unionhome.core.organizations import queries, screens
from unionhome.core.organizations.models import Organization
from unionhome.core.organizations.workflow import REELECTION
from unionhome.core.registry import Actor


def term_panel(actor: Actor, organization: Organization) -> tuple[str, dict[str, Any]]:
    """How the term stands, and the way to its re-election."""
    today = timezone.localdate(actor.at)
    reelection = queries.find_open_reelection(organization) if organization.status == "active" else None
    ends_on = organization.term_ends_on
    stage = queries.get_term_rules(today).stage(ends_on, today) if ends_on and organization.status == "active" else ""
    context = {
        "shown": organization.status == "active" and ends_on is not None,
        "stage": screens.STAGE_WORDS.get(stage, ""),
        "tone": screens.STAGE_TONES.get(stage, "grey"),
        "is_late": stage == "late",
        "state": REELECTION.state(reelection.state) if reelection else None,
        "url": reverse("organizations:reelection", args=[reelection.pk]) if reelection else "",
        "open_url": reverse("organizations:open_reelection", args=[organization.pk])
        if actor.may("organizations.reelect", organization.node.path)
        else "",
    }
    return "organizations/parts/term_panel.html", context


def founding_panel(actor: Actor, organization: Organization) -> tuple[str, dict[str, Any]]:
    """The founding a union comes from, and those under way below it."""
    own = queries.find_founding_of(organization.pk)
    below = queries.list_foundings_under(actor, organization.node) if organization.status == "active" else []
    can_start = (
        organization.status == "active"
        and organization.node.level != "group"
        and actor.may("organizations.found", organization.node.path)
    )
    context = {
        "own_url": reverse("organizations:founding", args=[own.pk]) if own else "",
        "lines": screens.founding_lines(below),
        "new_url": f"{reverse('organizations:new_founding')}?parent={organization.pk}" if can_start else "",
    }
    return "organizations/parts/founding_panel.html", context

"""What the register of unions puts on the page of a union, and on other rooms' pages."""

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
    rules = queries.get_term_rules(today)
    stage = rules.stage(ends_on, today) if ends_on and organization.status == "active" else ""
    context = {
        "shown": organization.status == "active" and ends_on is not None,
        "stage": rules.label(stage),
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


def cell_of_case(actor: Actor, case: Any) -> tuple[str, dict[str, Any]]:
    """On a matter's page: the grid cell of its place, whose worker is the nearest who can go there."""
    cell = queries.find_cell_of_place(case.division_id) if case.division_id else None
    worker = queries.find_worker(cell, timezone.localdate(actor.at)) if cell else None
    is_open = cell is not None and actor.may("organizations.view", cell.node.path)
    return "organizations/panel_of_case.html", {"cell": cell, "worker": worker, "is_open": is_open}


def coverage_of_union(actor: Actor, organization: Any) -> tuple[str, dict[str, Any]]:
    """On the page of a division's federation: its grid cells and what is not covered yet."""
    node = organization.node
    code = organization.division_id if node.is_local else ""
    covered = [row for row in queries.count_coverage(actor, code) if row.total] if code else []
    return "organizations/panel_of_union.html", {
        "rows": screens.coverage_rows(covered, code),
        "cells": queries.count_cells(actor, code) if code else None,
        "cells_url": screens.cells_url(code),
    }

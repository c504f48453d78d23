"""Figures of deeds against what one can count by hand, for every union above; and the demo's lists."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.services.deeds.conftest import GIVEN, PHOTO, done_of, listing_of, walk
from unionhome.core.access.models import RoleGrant
from unionhome.core.figures.queries import get_value, list_rows
from unionhome.core.records.models import ServiceRecord
from unionhome.kit.dates import Period
from unionhome.services.deeds import actions, demo, queries
from unionhome.services.deeds.models import Deed, DeedRating

pytestmark = pytest.mark.django_db


def asked(world, code, node="city", period=None):
    actor, union, period = world.actor("system"), world.nodes[node], period or Period.year(2026)
    found = get_value(actor, f"deeds.{code}", union, period)
    return found.raw, list_rows(actor, f"deeds.{code}", union, period).count()


def test_every_figure_is_what_one_counts_and_has_its_rows(world, deed):
    first = walk(world, deed(), "strike_off", done=done_of(world, times=500))
    late = walk(world, deed(given=replace(GIVEN, title="迟了")), "take", promised=1)
    day = world.today
    world.wait(days=3)
    for verb in ("finish", "check", "strike_off"):
        _again(world, late, verb)
    walk(world, deed(), "list", listing=listing_of(world, node=world.nodes["county"]))
    for name, score in (("worker", "satisfied"), ("outsider", "not")):
        DeedRating.objects.create(
            deed=first, account=world.users[name], score=score, rated_at=world.at, rated_on=world.today
        )
    expected = {
        "listed": (3, 3),
        "done": (2, 2),
        "on_time": (50, 2),
        "beneficiaries": (240 + 100, 2),
        "cost": (360_000, 2),
        "rated": (2, 2),
        "satisfied": (50, 2),
    }
    assert {code: asked(world, code) for code in expected} == expected
    assert asked(world, "listed", "town") == (2, 2) and asked(world, "listed", "other_county")[1] == 0
    assert asked(world, "done", period=Period(day, day)) == (1, 1)
    assert sum(ServiceRecord.objects.values_list("head_count", flat=True)) == 500 + 100


def _again(world, row, verb):
    if verb == "finish":
        done = done_of(world, people_count=100, cost_fen=0)
        actions.finish_deed(world.actor("town"), row.pk, done, proofs=(PHOTO,))
    elif verb == "check":
        actions.check_deed(world.actor("county"), row.pk, text="看了。")
    else:
        actions.strike_off_deed(world.actor("county"), row.pk)


def test_the_demo_has_every_state_and_one_late(world):
    users = world.users | {"county_office": world.cadre("county_office", "county")}
    RoleGrant.objects.update(starts_on=world.today - timedelta(days=365))
    stage = SimpleNamespace(
        today=world.today,
        memo={"nodes": world.nodes, "users": users},
        at=lambda days, hour, minute=0: (world.at - timedelta(days=days)).replace(hour=hour, minute=minute),
        actor=lambda name, at: world.actor(name, at=at),
        system=lambda at: replace(world.actor("system"), at=at),
        tell=lambda *said: None,
    )
    demo.build(stage)
    assert {*Deed.objects.values_list("state", flat=True)} >= {
        "collected", "listed", "taken", "done", "checked", "struck_off", "rated", "published", "kept", "dropped",
    }  # fmt: skip
    assert queries.count_deeds(world.actor("chair"))["late"] == 1

"""The demo's hazards: its town has some, and none that is open is late by months."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from unionhome.core.cases.models import Case
from unionhome.services.hazards import demo
from unionhome.services.hazards.models import HazardDetail

pytestmark = pytest.mark.django_db


def test_the_town_has_hazards_and_what_is_open_is_recent(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {user.pk: name for name, user in world.users.items()}
    stage = SimpleNamespace(
        size="village",
        memo={"nodes": world.nodes, "users": world.users | {"office": world.users["chair"]}, "county_users": {}},
        at=lambda days, hour, minute=0: (world.at - timedelta(days=days)).replace(hour=hour, minute=minute),
        actor=lambda user, at: world.actor(names[user.pk], at=at),
        tell=lambda *said: None,
    )
    stage.memo["county_users"] = {world.nodes[name].code: world.users[name] for name in ("county", "other_county")}
    monkeypatch.setitem(demo.COUNTS, "village", len(demo.ENDS))
    demo.build(stage)
    assert Case.objects.filter(node=world.nodes["town"]).count() >= 4
    late = HazardDetail.objects.filter(due_at__lt=world.at - timedelta(days=3)).values_list("case__state", flat=True)
    assert not list(late)

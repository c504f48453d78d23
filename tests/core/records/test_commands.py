"""`unionhome verify-totals` and `unionhome place-records`."""

from datetime import date

import pytest
from django.db import connection

from tests.core.records.conftest import DAY, Tree
from unionhome.config import cli
from unionhome.core.members.models import StandingTotal
from unionhome.core.periods.actions import close_period
from unionhome.core.records import actions
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import Actor
from unionhome.core.tree.models import NodePath
from unionhome.kit.dates import Period


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    taken = capsys.readouterr()
    return code, taken.out, taken.err


def test_totals_are_proved_and_made_anew(system: Actor, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    actions.add(system, service="tests.visit", node=tree.union, on=DAY, summary="上门走访", head_count=3)
    assert run(capsys, "verify-totals") == (0, "合计与记录完全一致。\n", "")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_total SET head_count = 4 WHERE kind = 'Y' AND above = 0")
    code, _, err = run(capsys, "verify-totals")
    assert code == 1 and "Y 2021-01-01 tests.visit" in err and "1 项合计与记录不符" in err
    code, out, _ = run(capsys, "verify-totals", "--rebuild")
    assert code == 0 and out.endswith("合计与记录完全一致。\n")


def test_counts_of_members_are_proved_with_them(system: Actor, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    StandingTotal.objects.create(node=tree.union, members=1)
    code, _, err = run(capsys, "verify-totals")
    assert code == 1 and tree.union.name in err and "1 个工会的会员数与会籍记录不符" in err and "项合计" not in err
    assert run(capsys, "verify-totals", "--rebuild")[0] == 0


def test_records_follow_a_parent_put_right(system: Actor, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    row = actions.add(system, service="tests.visit", node=tree.union, on=DAY, summary="上门走访")
    for node in (tree.town, tree.village, tree.union):
        NodePath.objects.filter(node=node).update(path=node.path.replace(tree.east.path, tree.west.path, 1))
    assert run(capsys, "place-records", "--organization", tree.town.code) == (0, "重新归属了 1 条服务记录。\n", "")
    row.refresh_from_db()
    assert row.county_id == tree.west.pk
    assert run(capsys, "verify-totals")[0] == 0
    close_period(system, tree.west, Period.year(2020), with_below=True)
    for day in (date(2020, 5, 1), DAY):
        late = actions.add(system, service="tests.visit", node=tree.union, on=DAY, summary="走访")
        ServiceRecord.objects.filter(pk=late.pk).update(on=day, county=tree.east)
    actions.recompute_totals()
    code, out, _ = run(capsys, "place-records", "--organization", tree.town.code)
    assert "重新归属了 1 条" in out and "另有 1 条在已经封账的期间，没有动" in out
    assert ServiceRecord.objects.get(on__year=2020).county_id == tree.east.pk
    assert run(capsys, "verify-totals")[0] == 0
    code, _, err = run(capsys, "place-records", "--organization", "没有")
    assert code == 1 and "没有编码是" in err

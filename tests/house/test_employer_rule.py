"""A worker complains about the own employer: that employer's union finds it nowhere; the town has it with its clock."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.core.members.conftest import FORMS
from tests.worlds import World
from unionhome.core.access.actions import create_token
from unionhome.core.cases import actions as cases
from unionhome.core.cases.models import Case
from unionhome.core.members.actions import EnrolRow, enrol_many
from unionhome.core.organizations.models import Division, Employer, Organization
from unionhome.core.registry import discover
from unionhome.core.tree.actions import share_row
from unionhome.kit.codes import make_identity
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = [pytest.mark.once, pytest.mark.django_db]
WORDS = "公司两个月没发工资，问了也不说。"
PAGES = (
    "/desk/inbox/?view=all", "/desk/inbox/?view=overdue", "/desk/cases/", "/desk/cases/?phase=new",
    "/desk/cases/?category=wages", "/desk/records/", "/desk/figures/", "/desk/board/", "/desk/review/2026/",
    "/desk/members/", "/desk/organizations/", "/desk/journal/",
)  # fmt: skip


@pytest.fixture
def complaint(world: World) -> Case:
    """A member of the express company's union reports unpaid wages, keeping the preset."""
    union = world.nodes["union"]
    city = Division.objects.create(code="610500000000", name="渭南市", level="city", prefix="610500", year=2023)
    Organization.objects.bulk_create(
        Organization(node=node, form=FORMS[node.level], division=city) for node in world.nodes.values()
    )
    employer = Employer.objects.create(name="渭南示例速运有限公司", division=city, union=union, created_at=world.at)
    row = EnrolRow(
        node_id=union.pk, name="何有田", document=make_identity("610502", world.today.replace(year=1988), 77),
        phone="19900000001", employer_id=employer.pk,
    )  # fmt: skip
    (outcome,) = enrol_many(world.actor("union"), [row])
    worker = world.users["worker"]
    worker.person_id = outcome.person_id
    worker.save(update_fields=["person_id"])
    case, _ = report_need(world.actor("worker"), Need(category="wages", text=WORDS))
    return case


def markers(case: Case) -> re.Pattern[str]:
    return re.compile(f"{case.number}|{WORDS[:6]}|拖欠工资：|/desk/cases/{case.pk}/|人民街道总工会已受理")


def test_the_town_has_it_with_its_clock(world: World, complaint: Case) -> None:
    assert complaint.node == world.nodes["town"]
    client = world.client("town")
    assert complaint.number in client.get(f"/desk/search/?q={complaint.number}").content.decode()
    assert "拖欠工资：" in client.get("/desk/inbox/?view=own").content.decode()
    assert "首次到场" in client.get(f"/desk/cases/{complaint.pk}/").content.decode()


@pytest.mark.parametrize("shared", [False, True], ids=["plain", "even after a share"])
def test_the_employers_union_finds_it_nowhere(world: World, complaint: Case, shared: bool) -> None:
    town = world.actor("town")
    cases.accept_case(town, complaint.pk)
    cases.stamp_clock(town, complaint.pk, "help", text="约好了律师。")
    if shared:
        share_row(world.actor("system"), "cases.case", complaint.pk, node=world.nodes["union"], reason="误操作")
    for role in ("chair", "finance", "auditor"):
        world.grant("union", role, "union")
    client, hints = world.client("union"), markers(complaint)
    member = f"/desk/members/{complaint.person_id}/"
    searches = [f"/desk/search/?q={text}" for text in (complaint.number, "何有田", "渭南示例速运", "19900000001")]
    every_figure = discover("figures", "FIGURES") if shared else ()  # a share can only show more
    figures = [reverse("figures:figure", args=[each.code]) for each in every_figure]
    for path in (*PAGES, *searches, *figures, member, f"{member}looks/"):
        page = client.get(path).content.decode()
        body = page.replace(f"“{complaint.number}”", "").replace(f'value="{complaint.number}"', "")
        assert not hints.search(body), path
    for path in ("", "step/accept/", "stamp/arrive/", "refer/", "assign/"):
        assert client.get(f"/desk/cases/{complaint.pk}/{path}").status_code == 404, path


def test_counts_and_exports_do_not_tell_either(world: World, complaint: Case) -> None:
    client = world.client("union")
    page = client.get("/desk/cases/").content.decode()
    assert re.search(r"全部</span><span class=\"uh-count-value\">0<", page)
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get("/desk/cases/export.xlsx").content))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 1


def test_the_api_does_not_tell_either(world: World, complaint: Case) -> None:
    permissions = ["cases.view", "figures.view", "members.view"]
    _, token = create_token(world.actor("union"), label="测试", permissions=permissions)
    headers = {"Authorization": f"Bearer {token}"}
    client = world.client()
    assert client.get("/api/v1/cases", headers=headers).json()["total"] == 0
    assert client.get(f"/api/v1/cases/{complaint.pk}", headers=headers).status_code == 404
    for code in ("helpdesk.opened", "helpdesk.open"):
        assert client.get(f"/api/v1/figures/{code}", headers=headers).json()["value"] == 0
        assert client.get(f"/api/v1/figures/{code}/rows", headers=headers).json()["items"] == []


def test_the_journal_of_the_employers_union_holds_no_trace(world: World, complaint: Case) -> None:
    world.cadre("watcher", "union", role="auditadmin")
    client = world.client("watcher")
    assert not markers(complaint).search(client.get("/desk/journal/").content.decode())

"""A caller whose number stands in the register: shown to who may see that member, tied by nobody but who asked."""

from datetime import date

import pytest

from tests.sample_places import enter_divisions
from tests.worlds import WORKER_PHONE, World
from unionhome.core.access.models import User
from unionhome.core.cases.models import Case
from unionhome.core.members.actions import EnrolRow, enrol_many
from unionhome.core.members.models import Person
from unionhome.core.organizations.models import Division, Employer
from unionhome.core.registry import BadInput, NotFound, Refused
from unionhome.kit.codes import make_identity
from unionhome.services.helpdesk.actions import TypedOrder, check_caller, register_order
from unionhome.services.helpdesk.models import CallerCheck
from unionhome.services.helpdesk.queries import list_possible_members

pytestmark = pytest.mark.django_db
OFFER = "可能是会员"


@pytest.fixture(autouse=True)
def member(world: World) -> Person:
    """A member of the express company whose number stands in the register."""
    enter_divisions()
    place, union = Division.objects.get(code="610502001000"), world.nodes["union"]
    firm = Employer.objects.create(name="渭南示例速运有限公司", division=place, union=union, created_at=world.at)
    row = EnrolRow(
        world.nodes["union"].pk, "何工", make_identity("610502", date(1985, 1, 1), 7), WORKER_PHONE, employer_id=firm.pk
    )
    (outcome,) = enrol_many(world.actor("system"), [row])
    User.objects.filter(pk=world.users["worker"].pk).update(person_id=outcome.person_id)
    return Person.objects.get(pk=outcome.person_id)


@pytest.fixture
def called(world: World) -> Case:
    """The member of the express company rang 12351 about wages, and named no employer."""
    return register_order(world.actor("city"), TypedOrder("WN7001", "两个月没发工资", WORKER_PHONE, "wages"))


def test_asked_and_confirmed_it_is_the_members_own_and_kept_from_the_employer(
    world: World, called: Case, member: Person
) -> None:
    client, page = world.client("city"), f"/desk/cases/{called.pk}/"
    text = client.get(page).content.decode()
    assert OFFER in text and member.name not in text and member.node.name in text
    form = f"{page}caller/{member.pk}/"
    assert member.name not in client.get(form).content.decode()
    assert client.post(form, {"answer": "yes", "how": " "}).status_code == 400
    assert client.post(form, {"answer": "", "how": "问了"}).status_code == 400
    sent = {"answer": "yes", "how": "问了姓名和单位，对得上。", "submit_key": "c" * 32}
    for _ in range(2):
        assert client.post(form, sent).status_code == 302
    called.refresh_from_db()
    assert (called.person_id, CallerCheck.objects.count()) == (member.pk, 1)
    assert called.hidden_path and called.employer is not None
    assert OFFER not in client.get(page).content.decode()
    assert world.client("worker").get(f"/my/matters/{called.pk}/").status_code == 200


def test_a_no_is_remembered_and_nobody_else_is_shown_anything(world: World, called: Case, member: Person) -> None:
    city, who = world.actor("city"), member
    assert list_possible_members(world.actor("other_county"), called) == []
    assert list_possible_members(world.actor("public"), called) == []
    world.cadre("law", "city", "lawyer")
    assert list_possible_members(world.actor("law"), called) == []
    for changes, error in (
        ({"person_id": who.pk + 1000, "how": "问了"}, NotFound),
        ({"person_id": who.pk, "how": " "}, BadInput),
    ):
        with pytest.raises(error):
            check_caller(city, called.pk, is_same=True, **changes)
    check_caller(city, called.pk, who.pk, is_same=False, how="号码给了家里人用。")
    assert list_possible_members(city, called) == []
    with pytest.raises(NotFound):
        check_caller(city, called.pk, who.pk, is_same=True, how="又问了")
    called.refresh_from_db()
    assert called.person_id is None


def test_what_somebody_typed_proves_nothing_and_the_employers_union_must_not_keep_it(
    world: World, called: Case, member: Person
) -> None:
    city, who = world.actor("city"), member
    Case.objects.filter(pk=called.pk).update(origin="phone")
    called.refresh_from_db()
    assert list_possible_members(city, called) == []
    Case.objects.filter(pk=called.pk).update(origin="hotline", node=who.node)
    with pytest.raises(Refused, match="先转给上级工会"):
        check_caller(city, called.pk, who.pk, is_same=True, how="问了姓名和单位。")

from collections.abc import Callable
from datetime import date

import pytest

from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions
from unionhome.core.organizations.models import (
    CoveredUnit,
    Employer,
    Officer,
    Organization,
    OrganizationChange,
)
from unionhome.core.registry import Actor, BadInput, Forbidden, Refused
from unionhome.core.tree.actions import close_node
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_uscc

pytestmark = pytest.mark.django_db
Cadre = Callable[..., Actor]
Facts = Callable[..., actions.UnionFacts]
EmployerOf = Callable[..., actions.EmployerFacts]
TOWN = "610502001"
OWN_USCC = make_uscc("81", "610502", 1)


def test_a_union_is_founded_with_its_employer(cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    union = actions.found_union(
        cadre("610502"),
        parent_code=TOWN,
        facts=facts(uscc=OWN_USCC.lower(), term_no=1, term_years=5, term_starts_on=date(2020, 3, 1)),
        employer=employer(),
        chair_name="赵示例",
    )
    node = union.node
    assert (node.code, node.level, node.is_local) == (f"{TOWN}-Q0001", "grassroots", False)
    assert node.parent is not None and node.parent.code == TOWN
    assert (node.opened_on, union.founded_on) == (date(2020, 3, 1), date(2020, 3, 1))
    assert union.uscc == OWN_USCC
    assert union.term_ends_on == date(2025, 2, 28)
    assert union.approved_by == "人民街道总工会"
    assert union.sources["uscc"] == ["建会批复", "2020-03-01"]
    assert union.employer is not None and union.employer.union_id == node.pk
    cover = CoveredUnit.objects.get()
    assert (cover.node_id, cover.starts_on, cover.ends_on) == (node.pk, date(2020, 3, 1), None)
    assert Officer.objects.get().post == "主席"
    change = OrganizationChange.objects.get(node=node)
    assert (change.kind, change.new) == ("founded", node.name)
    entry = Entry.objects.get(pk=change.entry_id)
    assert (entry.kind, entry.node_id) == ("organizations.union.founded", node.pk)


def test_the_same_form_sent_twice_founds_once(cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    key = "a" * 32
    first, second = (
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(), employer=employer(), submit_key=key)
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert Organization.objects.filter(form="single").count() == 1


def test_codes_count_on_per_form(union: Organization, cadre: Cadre, facts: Facts) -> None:
    joint = actions.found_union(
        cadre("610502"),
        parent_code=TOWN,
        facts=facts(name="人民街道快递业联合工会", form="joint"),
    )
    second = actions.found_union(
        cadre("610502"),
        parent_code="610502001001",
        facts=facts(name="园里堡商户联合工会", form="joint"),
    )
    group = actions.found_union(
        cadre("610502"),
        parent_code=union.node.code,
        facts=facts(name="第一小组", form="group", founded_on=date(2021, 1, 1)),
    )
    assert joint.node.code == f"{TOWN}-L0001"
    assert second.node.code == "610502001001-L0001"
    assert (group.node.code, group.node.level) == (f"{TOWN}-Z0001", "group")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"uscc": "81610502000000001A"}, "uscc"),
        ({"uscc": "91350100M000100Y43"}, "uscc"),
        ({"division_code": "610599001001"}, "division_code"),
        ({"division_code": ""}, "division_code"),
        ({"term_starts_on": date(2024, 1, 2), "term_ends_on": date(2024, 1, 1)}, "term_ends_on"),
        ({"term_years": 4}, "term_years"),
        ({"workers_count": 10, "women_count": 11}, "women_count"),
        ({"founded_on": date(2027, 1, 1)}, "founded_on"),
        ({"founded_on": date(2014, 12, 31)}, "founded_on"),
        ({"form": "local"}, "form"),
        ({"form": "village"}, "form"),
        ({"form": "branch"}, "parent"),
        ({"form": "group"}, "parent"),
        ({"name": "  "}, "name"),
    ],
)
def test_bad_facts_are_refused_at_their_field(
    cadre: Cadre, facts: Facts, employer: EmployerOf, given: dict[str, object], field: str
) -> None:
    before = Node.objects.count()
    with pytest.raises(BadInput) as refused:
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(**given), employer=employer())
    assert list(refused.value.fields) == [field]
    assert Node.objects.count() == before
    assert not Employer.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"uscc": "91350100M000100Y44"}, "employer_uscc"),
        ({"uscc": "91350100M0001X0Y43"}, "employer_uscc"),
        ({"uscc": OWN_USCC}, "employer_uscc"),
        ({"name": ""}, "employer_name"),
        ({"division_code": "619999"}, "division_code"),
        ({"workers_count": 3, "women_count": 4}, "women_count"),
    ],
)
def test_bad_employers_are_refused_at_their_field(
    cadre: Cadre, facts: Facts, employer: EmployerOf, given: dict[str, object], field: str
) -> None:
    before = Node.objects.count()
    with pytest.raises(BadInput) as refused:
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(), employer=employer(**given))
    assert list(refused.value.fields) == [field]
    assert Node.objects.count() == before


def test_a_single_union_needs_its_employer(cadre: Cadre, facts: Facts) -> None:
    with pytest.raises(BadInput) as refused:
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts())
    assert "employer_name" in refused.value.fields


def test_parents_must_stand(cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    with pytest.raises(BadInput) as unknown:
        actions.found_union(cadre("610502"), parent_code="999999", facts=facts(), employer=employer())
    assert unknown.value.code == "unknown-parent"
    Organization.objects.filter(node__code="610502001001").update(status="dissolved")
    with pytest.raises(BadInput) as dissolved:
        actions.found_union(cadre("610502"), parent_code="610502001001", facts=facts(), employer=employer())
    assert dissolved.value.code == "bad-parent"


def test_names_and_codes_are_taken_once(union: Organization, cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    other = {"name": "渭南示例机械有限公司", "uscc": make_uscc("91", "610502", 7)}
    with pytest.raises(BadInput) as twin:
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(), employer=employer(**other))
    assert "name" in twin.value.fields
    actions.change_facts(cadre("610502"), union.pk, facts={"uscc": OWN_USCC}, source="证书", on=date(2021, 1, 1))
    with pytest.raises(BadInput) as code:
        actions.found_union(
            cadre("610502"),
            parent_code=TOWN,
            facts=facts(name="另一个工会", uscc=OWN_USCC),
            employer=employer(**other),
        )
    assert "已登记给渭南示例速运有限公司工会" in code.value.fields["uscc"]


def test_an_employer_is_organised_once(union: Organization, cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    with pytest.raises(Refused) as covered:
        actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(name="又一个工会"), employer=employer())
    assert covered.value.code == "already-covered"
    assert "employer_name" in covered.value.fields
    with pytest.raises(BadInput) as renamed:
        actions.found_union(
            cadre("610502"),
            parent_code=TOWN,
            facts=facts(name="又一个工会"),
            employer=employer(name="别的公司"),
        )
    assert "已登记为" in renamed.value.fields["employer_uscc"]


def test_a_joint_union_covers_many(cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    joint = actions.found_union(cadre("610502"), parent_code=TOWN, facts=facts(name="快递业联合工会", form="joint"))
    for serial in (11, 12):
        actions.cover_employer(
            cadre(TOWN),
            joint.node,
            employer(name=f"渭南示例快递第{serial}网点", uscc=make_uscc("92", "610502", serial)),
            on=date(2021, 1, 1),
        )
    again = actions.cover_employer(
        cadre(TOWN),
        joint.node,
        employer(name="渭南示例快递第11网点", uscc=make_uscc("92", "610502", 11)),
        on=date(2022, 1, 1),
    )
    assert again.starts_on == date(2021, 1, 1)
    assert joint.node.covered_units.count() == 2
    with pytest.raises(BadInput):
        actions.cover_employer(cadre(TOWN), joint.node, employer(), on=date(2027, 1, 1))
    with pytest.raises(Forbidden):
        actions.cover_employer(cadre("610503"), joint.node, employer(), on=date(2022, 1, 1))


def test_an_employer_without_a_code_is_known_by_name_and_place(
    system: Actor, tree: dict[str, Node], employer: EmployerOf
) -> None:
    first = actions.register_employer(system, employer(uscc=""))
    again = actions.register_employer(system, employer(uscc="", workers_count=9))
    elsewhere = actions.register_employer(system, employer(uscc="", division_code="610503100200"))
    assert first.pk == again.pk
    assert elsewhere.pk != first.pk


@pytest.mark.parametrize("code", ["610502001001", f"{TOWN}-Q0001", "610503"])
def test_villages_enterprises_and_siblings_do_not_found(
    union: Organization, cadre: Cadre, facts: Facts, code: str
) -> None:
    parent = code if code != "610503" else TOWN
    form = "group" if parent.endswith("Q0001") else "joint"
    with pytest.raises(Forbidden):
        actions.found_union(
            cadre(code),
            parent_code=parent,
            facts=facts(name="某联合工会", form=form, founded_on=date(2021, 1, 1)),
        )
    with pytest.raises(Forbidden):
        actions.found_union(cadre(TOWN, "chair"), parent_code=TOWN, facts=facts(name="某联合工会", form="joint"))


def test_a_town_founds_below_itself(cadre: Cadre, facts: Facts, employer: EmployerOf) -> None:
    union = actions.found_union(cadre(TOWN), parent_code=TOWN, facts=facts(), employer=employer())
    assert union.node.parent is not None and union.node.parent.code == TOWN


def test_posts_follow_one_another(union: Organization, cadre: Cadre) -> None:
    first = actions.appoint_officer(cadre(TOWN), union, name="赵示例", post="主席", starts_on=date(2020, 3, 1))
    second = actions.appoint_officer(cadre(TOWN), union, name="钱示例", post="主席", starts_on=date(2023, 3, 1))
    first.refresh_from_db()
    assert (first.ends_on, second.ends_on) == (date(2023, 3, 1), None)
    with pytest.raises(BadInput) as earlier:
        actions.appoint_officer(cadre(TOWN), union, name="孙示例", post="主席", starts_on=date(2023, 3, 1))
    assert "starts_on" in earlier.value.fields
    with pytest.raises(BadInput):
        actions.appoint_officer(
            cadre(TOWN),
            union,
            name="李示例",
            post="委员",
            starts_on=date(2023, 3, 1),
            ends_on=date(2023, 3, 1),
        )
    with pytest.raises(BadInput):
        actions.appoint_officer(cadre(TOWN), union, name=" ", post="委员", starts_on=date(2023, 3, 1))
    with pytest.raises(Forbidden):
        actions.appoint_officer(cadre(union.node.code), union, name="李示例", post="委员", starts_on=date(2023, 3, 1))
    Organization.objects.filter(pk=union.pk).update(status="dissolved")
    union.refresh_from_db()
    with pytest.raises(Refused):
        actions.appoint_officer(cadre(TOWN), union, name="李示例", post="委员", starts_on=date(2023, 3, 1))


def test_a_closed_twin_frees_the_name(
    union: Organization, system: Actor, cadre: Cadre, facts: Facts, employer: EmployerOf
) -> None:
    close_node(system, union.node, on=date(2024, 1, 1))
    again = actions.found_union(
        cadre(TOWN),
        parent_code=TOWN,
        facts=facts(founded_on=date(2024, 2, 1)),
        employer=employer(name="渭南示例新速运有限公司", uscc=make_uscc("91", "610502", 9)),
    )
    assert again.node.code == f"{TOWN}-Q0002"

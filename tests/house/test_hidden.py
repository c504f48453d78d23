"""A worker complains about the employer: that employer's unions find it nowhere; the town's union has it with its clocks.

The unions of the employer read everything they can, before and after the complaint, and nothing may have changed, down
to a count. Source: a matter about the worker's own employer never shows to that employer's union.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from tests.house.addresses import addresses
from tests.house.snapshots import Pages, differences, read_all, showing
from tests.house.test_models import MODELS
from tests.house.visits import ARGUMENTS, Visitor, keys_of, undone
from tests.late import put_before, raise_case, ring_mass, send_case
from tests.sample_hotline import tie_hotline
from tests.samples import Lot, Samples, build_samples, picture
from tests.worlds import World
from unionhome.core.cases import actions
from unionhome.core.cases.models import Case
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.actions import deliver_batch, seal_batch
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions as organizations
from unionhome.core.organizations.models import Employer
from unionhome.core.registry import ROLES, Actor, Grant
from unionhome.core.tree.actions import share_row
from unionhome.core.tree.queries import scope
from unionhome.services.deeds.models import DeedNeed
from unionhome.services.helpdesk.actions import Need, report_need

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.xdist_group("hidden")]
DIVISION = "610502001000"
WORKS, GROUP = "渭南示例集团第一工厂", "渭南示例集团有限公司"
TEXT, PLACE, NOTE, REASON = "水滴厂三个月没发工资", "水滴厂三号门", "水滴厂账目已核对", "水滴厂欠薪线索"
VIEWERS = {"works": "their own union", "group": "the group's union above it"}


@dataclass
class Story:
    """The worker of the works, and the complaint once it was made."""

    samples: Samples
    visitor: Visitor
    lot: Lot

    @property
    def world(self) -> World:
        return self.samples.world


@dataclass
class Told:
    """What the unions of the employer read without the complaint, while it is handled, and when it is closed."""

    quiet: dict[str, Pages]
    handled: dict[str, Pages]
    closed: dict[str, Pages]
    words: tuple[str, ...]


def found(world: World, name: str, parent: str, company: str) -> None:
    facts = organizations.UnionFacts(
        name=f"{company}工会", form="single", division_code=DIVISION, founded_on=date(2018, 5, 1)
    )
    employer = organizations.EmployerFacts(name=company, division_code=DIVISION)
    made = organizations.found_union(
        world.actor("system"), parent_code=world.nodes[parent].code, facts=facts, employer=employer
    )
    world.nodes[name] = made.node


@pytest.fixture(scope="module")
def story(empty_world: World) -> Iterator[Story]:
    """A group's union under the town, the works' union under it, and an account at each that holds every role."""
    with undone():
        samples = build_samples(empty_world, ("town",))
        found(empty_world, "group", "town", GROUP)
        found(empty_world, "works", "group", WORKS)
        lot = samples.add("works")
        visitor = Visitor(samples)
        for name in VIEWERS:
            empty_world.cadre(name, name)
            for role in ROLES.keys() - {"cadre"}:
                empty_world.grant(name, role, name)
            visitor.enter(name, "works")
        visitor.enter("town", "town")
        tell_all(empty_world)
        seal_batch(empty_world.actor("system"))
        yield Story(samples, visitor, lot)


def complain(story: Story) -> Case:
    """What the worker sends from the phone, with everything preset."""
    need = Need(
        category="wages", text=TEXT, place_text=PLACE, employer=Employer.objects.get(name=WORKS),
        submit_key="c0" * 16, uploads=(actions.Upload("工资条.jpg", picture()),),
    )  # fmt: skip
    return report_need(story.samples.worker(story.lot), need)[0]


def handle(story: Story, case: Case) -> None:
    """The town's union does all it can, and somebody even shares the rows with the employer's unions."""
    world = story.world
    town = world.actor("town")
    actions.assign_case(town, case.pk, handler=world.users["town"])
    actions.accept_case(town, case.pk)
    actions.show_phone(town, case.pk, reason="other", reason_text=REASON)
    for number, clock in enumerate(("arrive", "help", "measure")):
        photos = (actions.Upload("凭证.jpg", picture()),)
        actions.stamp_clock(town, case.pk, clock, text=f"{NOTE}{number}", uploads=photos)
    raise_case(world, case)
    send_case(world, case)
    put_before(world, case)
    ring_mass(world, case)
    tie_hotline(world, case, 7777)
    DeedNeed.objects.create(deed=story.samples.at("town").kept.deed, case=case, at=world.at)
    actions.add_note(town, case.pk, text=NOTE)
    actions.reply_to_applicant(town, case.pk, text=NOTE)
    tell_all(world)
    for name in VIEWERS:
        share_all(world, name)
    seal_batch(world.actor("system"))


def tell_all(world: World) -> None:
    """Whatever is to be told of what was done so far."""
    while deliver_batch(world.actor("system")):
        pass


def share_all(world: World, name: str) -> None:
    """Share every row that is hidden from the union of that name with it."""
    system = world.actor("system")
    for model in HIDING:
        for pk in hidden_rows(model).values_list("pk", flat=True):
            share_row(system, model._meta.label_lower, pk, node=world.nodes[name], reason="误操作")
            share_row(system, model._meta.label_lower, pk, user_id=world.users[name].pk, reason="误操作")


def hiding_field(model: Any) -> str:
    """The field that hides its rows, found by its name where the model forgets to declare it; else nothing."""
    own = {field.name for field in model._meta.get_fields()} & {"hidden_path"}
    return str(getattr(model, "SCOPE_HIDDEN", "") or "".join(own))


HIDING = [model for model in MODELS if hiding_field(model)]


def hidden_rows(model: Any) -> Any:
    return model.objects.exclude(**{hiding_field(model): ""})


def close(story: Story, case: Case) -> None:
    actions.propose_outcome(story.world.actor("town"), case.pk, text=NOTE)
    actions.rate_case(story.samples.worker(story.lot), Case.objects.get(pk=case.pk), rating="satisfied", text=NOTE)
    seal_batch(story.world.actor("system"))


def read(story: Story, words: tuple[str, ...]) -> dict[str, Pages]:
    return {name: read_all(story.visitor, name, "works", searches=words, figures=name == "works") for name in VIEWERS}


@pytest.fixture(scope="module")
def told(story: Story) -> Told:
    with undone():
        case = complain(story)
        handle(story, case)
        words = (case.number, story.lot.phone, story.lot.person.name, WORKS, "拖欠工资")
        handled = read(story, words)
        close(story, case)
        closed = read(story, words)
        markers = (case.number, f"/desk/cases/{case.pk}/", TEXT, PLACE, NOTE, REASON, "拖欠工资：")
    return Told(read(story, words), handled, closed, markers)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_page_search_count_export_or_answer_knows_of_it(viewer: str, told: Told) -> None:
    assert not showing(told.handled[viewer], told.words)
    assert not showing(told.closed[viewer], told.words)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_employers_unions_read_the_same_with_and_without_it(viewer: str, told: Told) -> None:
    """Not even a count, a look into the file or a line of the journal tells that something goes on."""
    handled = differences(told.quiet[viewer], told.handled[viewer])
    assert not handled, "\n\n".join(handled)
    closed = differences(told.quiet[viewer], told.closed[viewer])
    assert not closed, "\n\n".join(closed)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_test_looks_where_something_could_be(viewer: str, told: Told) -> None:
    opened = {url.partition("?")[0] for url, text in told.quiet[viewer].items() if text.startswith("200")}
    for path in (
        "/desk/inbox/",
        "/desk/cases/",
        "/desk/cases/export.xlsx",
        "/desk/search/",
        "/desk/journal/",
        "/desk/records/",
    ):
        assert path in opened, f"{viewer} was to read {path}"


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_guessed_address_is_not_there(viewer: str, story: Story) -> None:
    """Every address about a case, its files or its journal entries, with the number of the hidden one."""
    about = {"cases/case_id", "files/file_id", "journal/entry_id"}
    with undone():
        case = complain(story)
        handle(story, case)
        hidden = lot_of(story, case)
        for each in addresses():
            keys = keys_of(each)
            if each.door is None or each.door.name == "open" or not about & set(keys.values()):
                continue
            url = each.url(**{name: ARGUMENTS[key](story.visitor, viewer, hidden) for name, key in keys.items()})
            for method in ("GET", "POST"):
                outcome = story.visitor.visit(viewer, method, url).outcome
                assert outcome in ("404", "405", "sign-in"), (
                    f"{method} {url} as {viewer} ({VIEWERS[viewer]}): {outcome}"
                )


def lot_of(story: Story, case: Case) -> Any:
    """The complaint in the place of the sample case."""
    file = SealedFile.objects.filter(model="cases.entry", object_id__in=case.entries.values("pk")).latest("pk")
    entry = Entry.objects.filter(model="cases.case", object_id=case.pk).latest("pk")
    return replace(story.lot, case=case, file=file, entry=entry)


def test_every_table_that_can_hide_hides_it(story: Story) -> None:
    """Row by row: the complaint is in each of these tables, shared by mistake, and yet out of sight."""
    with undone():
        case = complain(story)
        handle(story, case)
        close(story, case)
        share_all(story.world, "works")
        for model in HIDING:
            rows = set(hidden_rows(model).values_list("pk", flat=True))
            assert rows, f"{model._meta.label} can hide, and the complaint left no hidden row in it"
            for name in VIEWERS:
                node = story.world.nodes[name]
                actor = Actor(
                    at=story.world.at, door="desk", user_id=story.world.users[name].pk,
                    grants=(Grant("cadre", node.pk, node.path, frozenset({"tests.view"})),),
                )  # fmt: skip
                seen = rows & set(scope(model.objects.all(), actor, "tests.view").values_list("pk", flat=True))
                assert not seen, f"{model._meta.label}: {name} sees hidden rows {seen}"


def test_the_towns_union_has_it_with_its_clocks(story: Story) -> None:
    with undone():
        case = complain(story)
        assert (case.node.pk, case.hidden_path) == (story.world.nodes["town"].pk, story.world.nodes["group"].path)
        inbox = story.visitor.visit("town", "GET", reverse("home:inbox")).body.decode()
        assert "拖欠工资：" in inbox and f"/desk/cases/{case.pk}/" in inbox
        listed = story.visitor.visit("town", "GET", reverse("cases:list")).body.decode()
        assert case.number in listed
        found = story.visitor.visit("town", "GET", f"{reverse('home:search')}?q={case.number}").body.decode()
        assert f"/desk/cases/{case.pk}/" in found
        page = story.visitor.visit("town", "GET", reverse("cases:case", args=[case.pk])).body.decode()
        for words in (TEXT, "首次到场", "首次帮扶", "首次措施"):
            assert words in page
        assert case.clocks.filter(due_at__isnull=False).count() == 3
        api = story.visitor.visit("town", "GET", "/api/v1/figures/helpdesk.opened/rows").body.decode()
        assert case.number in api


def test_the_worker_follows_it(story: Story) -> None:
    """Hidden from the employer's unions, not from whom it is about: also who rang stands in the own file."""
    with undone():
        case = complain(story)
        handle(story, case)
        story.visitor.sessions["mine"] = sign_in(story)
        page = story.visitor.visit("mine", "GET", reverse("cases:own", args=[case.pk])).body.decode()
        assert TEXT in page
        looks = story.visitor.visit("mine", "GET", reverse("members:card_looks")).body.decode()
        assert story.world.nodes["town"].name in looks


def sign_in(story: Story) -> str:
    world = story.world
    world.users["worker"] = story.lot.account
    return str(world.client("worker").cookies[settings.SESSION_COOKIE_NAME].value)

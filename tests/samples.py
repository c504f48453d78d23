"""Sample rows of every kind at any union of the test world, made through the actions, one lot a call.

`build_samples(world)` prepares what all lots stand on; `samples.add("town")` leaves one of everything at that union.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Model

from tests.alike import Alike, make_alike
from tests.late import Late, make_late
from tests.moves import make_expulsion, make_transfer, picture
from tests.pointed import make_hazard
from tests.sample_decisions import Council, make_council
from tests.sample_deeds import Kept, make_deed
from tests.sample_figures import make_closing, make_published
from tests.sample_foundings import make_founding, make_reelection
from tests.sample_hotline import Hotline, make_hotline
from tests.sample_money import Money, make_money
from tests.sample_notices import Shown, make_notice
from tests.sample_places import enter_divisions, enter_unions, hand_in_unions, make_cell
from tests.told import Told, make_told
from tests.worlds import World
from tests.written import Written, make_written
from unionhome.core.access.actions import create_token, create_user, find_or_create_worker, grant_role, link_person
from unionhome.core.access.models import ApiToken, RoleGrant, User
from unionhome.core.access.queries import get_actor
from unionhome.core.cases.actions import Upload, add_note
from unionhome.core.cases.models import Case
from unionhome.core.cases.models import Entry as CaseEntry
from unionhome.core.figures.models import Publication, PublishedFigure
from unionhome.core.files.models import Kind, SealedFile
from unionhome.core.jobs.models import Job
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions as members
from unionhome.core.members.models import Application, Correction, Leaving, Membership, Person, RosterImport
from unionhome.core.members.models.transfers import Expulsion, Transfer
from unionhome.core.members.rules.joining import JoinInput
from unionhome.core.organizations import actions as organizations
from unionhome.core.organizations.models import (
    Committee,
    CoveredUnit,
    Dissolution,
    Founding,
    GridCell,
    GridUnit,
    Organization,
    Place,
    Reelection,
    UnionSheet,
)
from unionhome.core.papers.models import Paper
from unionhome.core.periods.models import Closing
from unionhome.core.policy.actions import set_value
from unionhome.core.records import actions as records
from unionhome.core.records.models import ServiceRecord
from unionhome.core.registry import Actor
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_identity
from unionhome.services.helpdesk.actions import Need, report_need

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
BORN = date(1988, 3, 1)
SERVICE = "helpdesk.help"


@dataclass
class Lot:
    """One of everything at one union, and the account of the worker whom it is about."""

    place: str
    number: int
    person: Person
    account: User
    membership: Membership
    application: Application
    leaving: Leaving
    correction: Correction
    roster: RosterImport
    sheet: UnionSheet
    alike: Alike
    transfer: Transfer
    expulsion: Expulsion
    case: Case
    sealed_note: CaseEntry
    receipt: str
    hazard: Case
    hazard_receipt: str
    file: SealedFile
    record: ServiceRecord
    clerk: User
    grant: RoleGrant
    token: ApiToken
    organization: Organization
    dissolution: Dissolution
    cover: CoveredUnit
    founding: Founding
    reelection: Reelection
    paper: Paper
    cell: GridCell
    unit: GridUnit
    publication: Publication
    published: PublishedFigure
    closing: Closing
    entry: Entry
    written: Written
    late: Late
    told: Told
    hotline: Hotline
    kept: Kept
    money: Money
    council: Council
    shown: Shown

    @property
    def node(self) -> Node:
        return self.case.node

    @property
    def phone(self) -> str:
        return f"1990002{self.number:04d}"

    @property
    def markers(self) -> tuple[str, ...]:
        """Texts that only this lot could put on a page."""
        return (
            self.person.name, self.phone, self.case.number, self.receipt, self.record.summary, self.membership.card_no,
            self.clerk.name, self.organization.node.name, self.founding.name, self.paper.number, self.cell.name,
            self.publication.title, self.published.public_id,
        )  # fmt: skip


@dataclass
class Samples:
    """The lots by union of the test world, in the order they were made."""

    world: World
    lots: dict[str, list[Lot]] = field(default_factory=dict)
    count: int = 0
    job: Job = field(init=False)
    outsider: Lot = field(init=False)

    def at(self, place: str) -> Lot:
        """The first lot of a union; made now where there is none."""
        return self.lots[place][0] if place in self.lots else self.add(place)

    def worker(self, lot: Lot) -> Actor:
        """The worker of a lot, on the phone."""
        user = User.objects.select_related("node").get(pk=lot.account.pk)
        return get_actor(user, "my", self.world.at, request_id="test")

    def add(self, place: str) -> Lot:
        """Leave one of everything at a union."""
        self.count += 1
        self.lots.setdefault(place, []).append(_Maker(self, place, self.count).make())
        return self.lots[place][-1]

    def rows(self, kind: str) -> Mapping[str, Model]:
        """The first row of a kind by union, for instance rows("case")["town"]."""
        return {place: getattr(lots[0], kind) for place, lots in self.lots.items()}


def build_samples(world: World, places: tuple[str, ...] = ()) -> Samples:
    """Divisions, unions and employers of the world, a failed job and a regional policy; then a lot at each place."""
    enter_divisions()
    enter_unions(world)
    system = world.actor("system")
    set_value(system, "cases.arrive_minutes", 90, world.today, "样例通知", world.nodes["county"])
    samples = Samples(world)
    samples.job = Job.objects.create(
        task="unionhome.core.jobs.jobs.tidy", state="FAILED", tries=5, enqueued_at=world.at, error="样例"
    )
    for place in places:
        samples.add(place)
    samples.outsider = _lot_of_outsider(samples)
    return samples


def _lot_of_outsider(samples: Samples) -> Lot:
    """What somebody who is no member may have: a case of the own account, and else what lies at the city."""
    city = samples.at("city")
    case, receipt, file = _Maker(samples, "city", 999).open_need(samples.world.actor("outsider"), None)
    return replace(city, account=samples.world.users["outsider"], case=case, receipt=receipt, file=file)


class _Maker:
    """Makes one lot."""

    def __init__(self, samples: Samples, place: str, number: int) -> None:
        self.world = samples.world
        self.place = place
        self.number = number
        self.node = self.world.nodes[place]
        self.system = self.world.actor("system")
        self.name = SURNAMES[number % len(SURNAMES)] + "样" + SURNAMES[number // len(SURNAMES) % len(SURNAMES)]
        self.phone = f"1990002{number:04d}"

    def make(self) -> Lot:
        self.world.cadre(f"helper{self.number}", self.place)
        person, account, membership = self._member()
        mine = get_actor(account, "my", self.world.at, request_id="test")
        clerk, grant, token = self._clerk()
        organization = self._union()
        cell, unit = make_cell(self.world, self._division(), self.number, self.phone)
        case, receipt, file = self._case(mine, person)
        founding, paper = make_founding(self.world, self.node, self.number)
        hazard, hazard_receipt = make_hazard(mine, self._division(), self.number)
        helper = self.world.actor(f"helper{self.number}")
        publication, published = make_published(self.world, helper, self.node, self.number)
        return Lot(
            place=self.place,
            number=self.number,
            person=person,
            account=account,
            membership=membership,
            application=self._application(),
            leaving=members.request_leaving(mine, reason="换单位了"),
            correction=members.request_correction(mine, fact="education", value="30"),
            roster=self._roster(),
            sheet=hand_in_unions(self.world.actor(f"helper{self.number}"), self.node, self.number),
            alike=make_alike(self.world, self.node, self.number),
            transfer=make_transfer(self.world, self.node, self.number, organization),
            expulsion=make_expulsion(self.world, self.node, self.number),
            case=case,
            sealed_note=case.entries.get(is_sealed=True),
            receipt=receipt,
            hazard=hazard,
            hazard_receipt=hazard_receipt,
            file=file,
            record=self._record(person, case),
            clerk=clerk,
            grant=grant,
            token=token,
            organization=organization,
            dissolution=self._dissolution(organization),
            cover=self._cover(),
            founding=founding,
            reelection=make_reelection(self.world, self.node),
            paper=paper,
            cell=cell,
            unit=unit,
            publication=publication,
            published=published,
            closing=make_closing(self.world, self.node, self.number),
            late=make_late(self.world, helper, case),
            entry=Entry.objects.filter(node=self.node).order_by("-id")[0],
            told=make_told(self.world, self.node, self.number, account, clerk),
            hotline=make_hotline(self.world, self.node, case, self.number),
            kept=make_deed(self.world, helper, self.node, self.number, case, account),
            money=make_money(self.world, self.node, self.number),
            council=make_council(self.world, helper, self.node, self.number),
            shown=make_notice(self.world, helper, self.node, self.number),
            written=make_written(self.world, helper, self.node, self.number),
        )

    def _member(self) -> tuple[Person, User, Membership]:
        """A member with an account, a consent, and somebody who looked at the file."""
        row = members.EnrolRow(
            node_id=self.node.pk,
            name=self.name,
            document=make_identity("610502", BORN + timedelta(days=self.number), self.number),
            phone=self.phone,
        )
        (outcome,) = members.enrol_many(self.system, [row])
        assert outcome.person_id is not None, outcome.reason
        person = Person.objects.get(pk=outcome.person_id)
        is_worker = self.place == "union" and self.world.users["worker"].person_id is None
        account = self.world.users["worker"] if is_worker else find_or_create_worker(self.system, self.phone)
        link_person(self.system, account, person.pk, name=person.name)
        mine = get_actor(account, "my", self.world.at, request_id="test")
        members.give_consent(mine, "members.register")
        members.open_file(self.world.actor(f"helper{self.number}"), person.pk, reason="matter", parts=("phone",))
        return person, account, Membership.objects.get(person=person)

    def _application(self) -> Application:
        """Somebody else's wish to join, handed on to the union of this lot."""
        phone = f"1990003{self.number:04d}"
        user = find_or_create_worker(self.system, phone)
        given = JoinInput(
            name=f"{self.name[0]}申请",
            document_kind="resident",
            document=make_identity("610503", BORN + timedelta(days=self.number), self.number),
            group="courier",
            employer_text=f"第{self.number}样例商店",
            division_code="610502001000",
            agreed=True,
        )
        joined = members.apply_to_join(get_actor(user, "my", self.world.at, request_id="test"), given)
        application = joined.application
        assert application is not None
        if application.node_id != self.node.pk:
            application = members.forward_application(
                self.world.actor("city"), application.pk, node=self.node, reason="归这里办"
            )
        helper = self.world.actor(f"helper{self.number}")
        members.open_application(helper, application.pk, reason="matter", parts=("phone",))
        return application

    def _roster(self) -> RosterImport:
        """A roster that waits to be confirmed: one row that can be taken, one that cannot."""
        document = make_identity("610523", BORN + timedelta(days=self.number), self.number)
        data = f"姓名,证件号码,工会组织代码\n{self.name},{document},{self.node.code}\n,,\n错号,1,{self.node.code}\n".encode()
        helper = self.world.actor(f"helper{self.number}")
        roster = members.hand_in_roster(helper, data, name=f"样例{self.number}.csv", in_background=False)
        return members.check_roster(helper, roster.pk)

    def _case(self, mine: Actor, person: Person) -> tuple[Case, str, SealedFile]:
        """A need with a photograph, and two notes of the union, the second one sealed."""
        case, receipt, file = self.open_need(mine, person)
        words = f"第{self.number}件：已联系。"
        add_note(self.world.actor(f"helper{self.number}"), case.pk, text=words, submit_key=f"{self.number:031x}n")
        add_note(self.world.actor(f"helper{self.number}"), case.pk, text="只给自己看。", is_sealed=True)
        return case, receipt, file

    def open_need(self, mine: Actor, person: Person | None) -> tuple[Case, str, SealedFile]:
        """A need handled by the union of this lot: the case, its receipt code and its photograph."""
        key = f"{self.number:032x}"
        need = Need(
            category="hardship", text=f"第{self.number}件：家里有困难。", phone=self.phone, name=self.name,
            hide_from_employer=False, submit_key=key, uploads=(Upload("现场.jpg", picture()),),
        )  # fmt: skip
        case, receipt = report_need(mine, need)
        assert case.node_id == self.node.pk or person is None
        shown = SealedFile.objects.exclude(kind=Kind.ORIGINAL)
        file = shown.get(model="cases.entry", object_id__in=case.entries.values("pk"))
        return case, receipt, file

    def _record(self, person: Person, case: Case) -> ServiceRecord:
        record = records.add(
            self.system, service=SERVICE, node=self.node, on=self.world.today, person_id=person.pk, about=case,
            summary=f"第{self.number}次样例帮扶", amount_fen=10_000, link=f"/desk/cases/{case.pk}/",
        )  # fmt: skip
        records.fold()  # as the worker does; else the next page to be counted would
        return record

    def _clerk(self) -> tuple[User, RoleGrant, ApiToken]:
        """One more account of the union, with a role and a token."""
        clerk = create_user(
            self.system, username=f"clerk{self.number}", name=f"样例干事{self.number}号", node=self.node,
            password="Unionhome-test-1", post="干事",
        )  # fmt: skip
        grant = grant_role(self.system, user=clerk, role="cadre", node=self.node, starts_on=self.world.today)
        acting = get_actor(clerk, "desk", self.world.at, request_id="test", strong=True)
        token, _ = create_token(acting, label=f"样例程序{self.number}", permissions=("members.view",), days=30)
        return clerk, grant, token

    def _union(self) -> Organization:
        """A joint union, or a group, below the union, with its chair and a place."""
        facts = organizations.UnionFacts(
            name=f"样例{self.number}号{'联合工会' if self.node.is_local else '小组'}",
            form="joint" if self.node.is_local else "group", division_code=self._division(),
            founded_on=date(2020, 5, 1),
        )  # fmt: skip
        union = organizations.found_union(
            self.system, parent_code=self.node.code, facts=facts, chair_name=f"组长{self.number}"
        )
        Place.objects.create(name=f"样例驿站{self.number}", division_id=self._division(), union=self.node)
        return union

    def _dissolution(self, union: Organization) -> Dissolution:
        """The union below is on its way out; it has a committee."""
        organizations.set_committee(
            self.system, union.pk, kind="union", seats_count=3, starts_on=date(2020, 5, 1), source="样例批复"
        )
        assert Committee.objects.filter(organization=union).exists()
        proposal = organizations.Proposal("assembly", self.world.today, reason="样例")
        return organizations.propose_dissolution(self.system, union.pk, proposal)

    def _cover(self) -> CoveredUnit:
        """What the union organises: its own employer, or one entered for it."""
        cover = CoveredUnit.objects.filter(node=self.node, ends_on=None).first()
        if cover is not None:
            return cover
        facts = organizations.EmployerFacts(name=f"样例{self.number}号商店", division_code=self._division())
        employer = organizations.enter_employer(self.system, facts)
        return CoveredUnit.objects.create(node=self.node, employer=employer, starts_on=date(2021, 5, 1))

    def _division(self) -> str:
        return self.node.code.split("-")[0].ljust(12, "0")


__all__ = ["Lot", "Samples", "build_samples", "picture"]

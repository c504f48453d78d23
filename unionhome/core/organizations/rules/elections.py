"""What an election must be before it may be reported. Sources: 工会法, 工会基层组织选举工作条例, 中国工会章程."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from unionhome.core.organizations.rules.seats import AUDIT_LEAST, AUDIT_MOST, WOMEN_NEEDED, may_be_one, seat_bounds
from unionhome.core.registry import BadInput

ASSEMBLIES = (("members", "会员大会"), ("delegates", "会员代表大会"))
POSTS = {"union": ("主席", "副主席", "委员"), "audit": ("主任", "委员"), "women": ("主任", "委员")}
ASSEMBLY_MEMBERS = 100
"""中国工会章程：会员不足一百人的，应当召开会员大会。"""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody elected: to which committee, to which post, with how many votes; `is_relative` as the person declared."""

    committee: str
    name: str
    post: str
    votes: int
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """An election as reported. `principal_name` is the employer's principal (单位主要负责人)."""

    held_on: date
    assembly: str
    entitled_count: int
    attended_count: int
    members_count: int
    women_count: int
    principal_name: str
    term_years: int
    term_starts_on: date
    seats: tuple[Seat, ...]

    def of(self, committee: str) -> tuple[Seat, ...]:
        """Those elected to one committee."""
        return tuple(seat for seat in self.seats if seat.committee == committee)


def check_election(facts: ElectionFacts, *, level: str, has_employer: bool, earliest: date, today: date) -> None:
    """Raise BadInput at the field with the first thing that does not hold, and the rule it breaks.

    `level` is the tree level of the union: only grassroots committees have bounds by members. `earliest` is the day
    from which the election could be held.
    """
    for field, sentence in _faults(facts, level, has_employer, earliest, today):
        raise BadInput(sentence, "bad-election", fields={field: sentence})


def _faults(
    facts: ElectionFacts, level: str, has_employer: bool, earliest: date, today: date
) -> Iterator[tuple[str, str]]:
    yield from _days(facts, level, earliest, today)
    yield from _assembly(facts, level)
    yield from _principal(facts, has_employer)
    yield from _union_seats(facts, level)
    yield from _audit_seats(facts, level)
    yield from _women_seats(facts)
    yield from _votes(facts)


def _days(facts: ElectionFacts, level: str, earliest: date, today: date) -> Iterator[tuple[str, str]]:
    if facts.held_on > today:
        yield "held_on", f"选举日期不能晚于今天（{today:%Y-%m-%d}）。"
    if facts.held_on < earliest:
        yield "held_on", f"选举不能早于 {earliest:%Y-%m-%d}（同意筹建或者上一届开始的那天）。"
    if facts.term_years not in (3, 5):
        yield "term_years", "任期只有 3 年或 5 年（工会法第十六条）。"
    if facts.term_years != 5 and level not in ("grassroots", "group", "village"):
        yield "term_years", "地方总工会每届任期 5 年（工会法第十六条）。"
    if facts.term_starts_on < facts.held_on:
        yield "term_starts_on", "新一届不能早于选举那天。"


def _assembly(facts: ElectionFacts, level: str) -> Iterator[tuple[str, str]]:
    if level in ("grassroots", "group") and facts.assembly == "delegates" and facts.members_count < ASSEMBLY_MEMBERS:
        yield "assembly", "会员不足 100 人的，应当召开会员大会选举（中国工会章程）。"
    if facts.assembly == "members" and facts.entitled_count > facts.members_count:
        yield "entitled_count", "应到人数不能多于会员人数。"
    if facts.women_count > facts.members_count:
        yield "women_count", "女会员不能多于会员人数。"
    if facts.attended_count > facts.entitled_count:
        yield "attended_count", "实到人数不能多于应到人数。"
    if facts.attended_count * 3 < facts.entitled_count * 2:
        yield "attended_count", "到会的不足应到人数的三分之二，不能选举（工会基层组织选举工作条例）。"


def _principal(facts: ElectionFacts, has_employer: bool) -> Iterator[tuple[str, str]]:
    if has_employer and not facts.principal_name:
        yield "principal_name", "请写明单位主要负责人是谁：本人和近亲属不能进工会委员会。"
    for seat in facts.of("union"):
        if facts.principal_name and seat.name == facts.principal_name:
            yield "seats", f"{seat.name}是单位主要负责人，不能作为工会委员会成员（工会基层组织选举工作条例）。"
        if seat.is_relative:
            yield "seats", f"{seat.name}是单位主要负责人的近亲属，不得作为工会委员会成员的人选（工会法第十条）。"


def _union_seats(facts: ElectionFacts, level: str) -> Iterator[tuple[str, str]]:
    seats = facts.of("union")
    chairs = [seat for seat in seats if seat.post == "主席"]
    if len(chairs) != 1:
        yield "seats", "工会委员会要有一位主席，也只能有一位。"
    if level not in ("grassroots", "group"):
        return
    least, most = seat_bounds(facts.members_count)
    alone = may_be_one(facts.members_count)
    if not alone and len(seats) < least:
        yield (
            "seats",
            (
                f"会员 {facts.members_count} 人，应当选出工会委员会，委员 {least} 到 {most} 人（工会法第十一条，"
                "工会基层组织选举工作条例）。"
            ),
        )
    elif len(seats) > most or (len(seats) < least and len(seats) != 1):
        yield "seats", f"会员 {facts.members_count} 人的工会，委员会 {least} 到 {most} 人，也可以只选一名主席。"


def _audit_seats(facts: ElectionFacts, level: str) -> Iterator[tuple[str, str]]:
    seats = facts.of("audit")
    least = 1 if may_be_one(facts.members_count) or level == "group" else AUDIT_LEAST
    if len(seats) < least or len(seats) > AUDIT_MOST:
        yield "seats", f"经费审查委员会同时选举，{least} 到 {AUDIT_MOST} 人（工会法第四十五条）。"
    chairs = {seat.name for seat in facts.of("union") if seat.post == "主席"}
    for seat in seats:
        if seat.name in chairs:
            yield "seats", f"{seat.name}是工会主席，不能进经费审查委员会。"


def _women_seats(facts: ElectionFacts) -> Iterator[tuple[str, str]]:
    seats = facts.of("women")
    if facts.women_count >= WOMEN_NEEDED and not any(seat.post == "主任" for seat in seats):
        yield "seats", "女会员 10 人以上的，同时建立女职工委员会，要有主任。"
    if 0 < facts.women_count < WOMEN_NEEDED and not seats:
        yield "seats", "女会员不足 10 人的，要有一名女职工委员。"


def _votes(facts: ElectionFacts) -> Iterator[tuple[str, str]]:
    for committee in POSTS:
        names = [seat.name for seat in facts.of(committee)]
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            yield "seats", f"{twice}在同一个委员会里写了两次。"
    for seat in facts.seats:
        if seat.votes > facts.attended_count:
            yield "seats", f"{seat.name}的得票多于实到人数。"
        if seat.votes * 2 <= facts.entitled_count:
            yield "seats", f"{seat.name}的得票没有超过应到人数的一半，不能当选（工会基层组织选举工作条例）。"

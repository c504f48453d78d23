"""The rows of tables that a lot of a roster becomes: sealed, indexed and in the order of their columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from unionhome.core.members.actions.rosters.judged import Judged
from unionhome.core.members.models import Membership, Person
from unionhome.core.members.queries.rosters import Employers
from unionhome.core.members.rules import sealed
from unionhome.core.members.rules.codes import Entry, Held, Outcome, Source, Status
from unionhome.core.members.rules.joining import counting_day
from unionhome.core.members.rules.roster import FACTS, RosterRow
from unionhome.core.periods.queries import list_open_since
from unionhome.core.registry import Actor
from unionhome.kit import bulk, crypto
from unionhome.kit.pinyin import initials

PERSON_COLUMNS = (
    "id", "node_id", "document_kind", "document_sealed", "document_index", "document_tail_index", "name",
    "name_initials", "sex", "birth_on", "phone_sealed", "phone_index", "phone_tail_index", "address_sealed",
    *FACTS, "national_no", "national_state", "source", "source_on", "sources", "merged_into_id", "created_at",
)  # fmt: skip
MEMBERSHIP_COLUMNS = (
    "person_id", "node_id", "employer_id", "employer_text", "union_post", "card_no", "entry", "joined_on",
    "counts_on", "status", "left_on", "held", "happened_on", "reason", "note", "created_at",
)  # fmt: skip
TOLD_BY_NUMBER = ("resident", "residence", "foreigner")
"""Documents whose number tells birth and sex."""
PHONE = ("phone_sealed", "phone_index", "phone_tail_index")
_MIGRANT = FACTS.index("is_migrant")
_JOINED, _TRANSFERRED, _ACTIVE = (each.value for each in (Entry.JOINED, Entry.TRANSFERRED, Status.ACTIVE))
_MIGRANT_OF = {"yes": True, "no": False, "": None}


class LotWriter:
    """Makes and writes the rows of one act. What recurs is computed once: last four signs, initials, days."""

    def __init__(self, actor: Actor, source: Source = Source.ROSTER) -> None:
        self.source = source
        self.today = timezone.localdate(actor.at)
        self.at = str(connection.ops.adapt_datetimefield_value(actor.at))
        self._day, self._root = self.today.isoformat(), settings.ROOT_CODE
        self._tails: dict[str, str] = {}
        self._phone_tails: dict[str, str] = {"": ""}
        self._initials: dict[str, str] = {}
        known = [str(Source.DOCUMENT), self.today.isoformat()]
        self._from_document = json.dumps({"birth_on": known, "sex": known})

    # -- before the transaction

    def prepare(self, row: RosterRow) -> list[Any]:
        """The columns of a new person but for the id: sealing takes its time and needs no lock."""
        keys = crypto.keyring()
        phone = row.phone
        facts: list[Any] = list(row.facts)
        facts[_MIGRANT] = _MIGRANT_OF[facts[_MIGRANT]]
        is_told = bool(row.birth) and row.kind in TOLD_BY_NUMBER
        return [
            row.node_id,
            row.kind,
            keys.seal_bytes(row.document.encode(), field=sealed.DOCUMENT),
            row.blind,
            self._tail(row.document[-4:]),
            row.name,
            self._letters(row.name),
            row.sex,
            row.birth or None,
            keys.seal_bytes(phone.encode(), field=sealed.PHONE) if phone else None,
            row.phone_index,
            self._phone_tail(phone),
            None,
            *facts,
            "",
            "",
            self.source.value,
            self._day,
            self._from_document if is_told else "{}",
            None,
            self.at,
        ]

    def _tail(self, tail: str) -> str:
        found = self._tails.get(tail)
        if found is None:
            found = self._tails[tail] = sealed.tail_index(tail)
        return found

    def _phone_tail(self, phone: str) -> str:
        tail = phone[-4:]
        found = self._phone_tails.get(tail)
        if found is None:
            found = self._phone_tails[tail] = sealed.phone_tail_index(phone)
        return found

    def _letters(self, name: str) -> str:
        found = self._initials.get(name)
        if found is None:
            found = self._initials[name] = initials(name)
        return found

    # -- within it

    def write(self, judged: Sequence[Judged], prepared: Mapping[int, list[Any]], employers: Employers) -> None:
        """Write what the verdicts say; the database refuses a second person or membership."""
        fresh = [each for each in judged if each.verdict.outcome is Outcome.NEW and each.known is None]
        fresh.sort(key=lambda each: each.row.blind)
        ids = dict(zip((each.row.number for each in fresh), bulk.take_ids(Person, len(fresh)), strict=True))
        if fresh:
            bulk.insert(Person, PERSON_COLUMNS, self._persons(fresh, ids, prepared))
        self._update_persons([each for each in judged if each.known and each.verdict.changed])
        back = [each for each in judged if each.known and each.verdict.outcome in (Outcome.NEW, Outcome.MOVED)]
        self._end_memberships([each for each in back if each.verdict.outcome is Outcome.MOVED])
        self._follow(back)
        opened = [*fresh, *back]
        changed = [each for each in judged if each.verdict.outcome is Outcome.CHANGED]
        since = list_open_since({each.row.node_id for each in (*opened, *changed)})
        if opened:
            rows = (
                self.membership(each, each.known.person_id if each.known else ids[each.row.number], employers, since)
                for each in opened
            )
            bulk.insert(Membership, MEMBERSHIP_COLUMNS, rows)
        self._update_memberships(changed, employers, since)

    def _persons(
        self, fresh: Iterable[Judged], ids: Mapping[int, int], prepared: Mapping[int, list[Any]]
    ) -> Iterable[list[Any]]:
        for each in fresh:
            number = each.row.number
            yield [ids[number], *(prepared.get(number) or self.prepare(each.row))]

    def membership(
        self, each: Judged, person_id: int, employers: Employers, since: Mapping[int, date]
    ) -> tuple[Any, ...]:
        """The columns of the membership that a row opens."""
        row, known = each.row, each.known
        is_moved = each.verdict.outcome is Outcome.MOVED
        employer = employers.get((row.node_id, row.employer))
        joined = self._first_day(each)
        held_card = known.card_no if known and is_moved else ""
        return (
            person_id,
            row.node_id,
            employer,
            "" if employer else row.employer,
            row.post,
            row.card_no or held_card or sealed.card_number(self._root, person_id),
            _TRANSFERRED if is_moved else _JOINED,
            joined,
            max(joined, known.counted) if known and is_moved else _counted(joined, since.get(row.node_id)),
            _ACTIVE,
            None,
            Held.ACTIVE.value,
            None,
            "",
            row.note,
            self.at,
        )

    def _first_day(self, each: Judged) -> str:
        """A roster tells when somebody joined a union at all: who is moved here stands here from today."""
        if each.verdict.outcome is Outcome.MOVED:
            return max(self.today.isoformat(), each.known.joined if each.known else "")
        return each.row.joined or self._day

    def _end_memberships(self, moved: Sequence[Judged]) -> None:
        bulk.update(
            Membership,
            ("status", "left_on", "reason"),
            [
                (Status.LEFT.value, self._first_day(each), "按名册转到另一个工会", each.known.membership_id)
                for each in moved
                if each.known
            ],
        )

    def _follow(self, back: Sequence[Judged]) -> None:
        """The file goes to the union of the new membership."""
        bulk.update(Person, ("node_id",), [(each.row.node_id, each.known.person_id) for each in back if each.known])

    def _update_persons(self, changed: Sequence[Judged]) -> None:
        """Facts that the roster gives otherwise, with the roster as their source; phones apart, being sealed anew."""
        rows, phones = [], []
        for each in changed:
            row, known, names = each.row, each.known, set(each.verdict.changed)
            if known is None or not names & {*FACTS, "sex", "birth_on", "phone"}:
                continue
            given = {**dict(zip(FACTS, row.facts, strict=True)), "sex": row.sex, "birth_on": row.birth}
            held = {**dict(zip(FACTS, known.facts, strict=True)), "sex": known.sex, "birth_on": known.birth}
            facts = {name: given[name] if name in names else held[name] for name in given}
            told = [str(self.source), self.today.isoformat()]
            sources = {**known.sources, **dict.fromkeys(names & {*facts, "phone"}, told)}
            rows.append(
                (
                    facts["sex"],
                    facts["birth_on"] or None,
                    *(_MIGRANT_OF[facts[name]] if name == "is_migrant" else facts[name] for name in FACTS),
                    json.dumps(sources, ensure_ascii=False),
                    known.person_id,
                )
            )
            if "phone" in names:
                blob = crypto.seal(row.phone, field=sealed.PHONE)
                phones.append((blob, row.phone_index, self._phone_tail(row.phone), known.person_id))
        bulk.update(Person, ("sex", "birth_on", *FACTS, "sources"), rows)
        bulk.update(Person, PHONE, phones)

    def _update_memberships(
        self, changed: Sequence[Judged], employers: Employers, since: Mapping[int, date]
    ) -> None:  # fmt: skip
        rows, linked = [], []
        for each in changed:
            row, known, names = each.row, each.known, set(each.verdict.changed)
            if known is None:
                continue
            if names & {"union_post", "joined_on", "card_no", "note"}:
                joined = known.joined if known.has_own_first_day else row.joined or known.joined
                counted = _counted(joined, since.get(row.node_id), known.counted)
                rows.append(
                    (
                        row.post or known.post,
                        joined,
                        known.counted if joined == known.joined else counted,
                        row.card_no or known.card_no,
                        row.note or known.note,
                        known.membership_id,
                    )
                )
            if "employer" in names:
                employer = employers.get((row.node_id, row.employer))
                linked.append((employer, "" if employer else row.employer, known.membership_id))
        bulk.update(Membership, ("union_post", "joined_on", "counts_on", "card_no", "note"), rows)
        bulk.update(Membership, ("employer_id", "employer_text"), linked)


def _counted(joined: str, open_since: date | None, held: str = "") -> str:
    """`rules.joining.counting_day` of days as text; parsed only where something is closed."""
    if open_since is None:
        return joined
    return counting_day(
        date.fromisoformat(joined), open_since, date.fromisoformat(held) if held else None
    ).isoformat()  # fmt: skip

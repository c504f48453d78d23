"""The election as a form: the meeting, and a line for everybody elected."""

from collections.abc import Iterable
from typing import Any

from django import forms as plain

from unionhome.core.organizations.models import Election
from unionhome.core.organizations.rules import ASSEMBLIES, COMMITTEES, POSTS, ElectionFacts, Seat, seat_bounds
from unionhome.kit import forms
from unionhome.kit.forms.base import dress

AUDIT_LINES, WOMEN_LINES = 5, 5
LEAST_LINES = 7
COMMITTEE_WORDS = dict(COMMITTEES)


def _number(label: str, least: int = 0) -> plain.IntegerField:
    return plain.IntegerField(label=label, min_value=least, max_value=9_999_999)


class ElectionForm(forms.Form):
    """One election. Lines without a name are left out; `lines()` are the bound fields of each."""

    held_on = forms.DayField(label="选举日期")
    assembly = forms.ChoiceTiles(label="什么会", choices=ASSEMBLIES)
    members_count = _number("会员人数", 1)
    women_count = _number("女会员人数")
    entitled_count = _number("应到人数", 1)
    attended_count = _number("实到人数", 1)
    principal_name = forms.LineField(
        label="单位主要负责人",
        max_length=40,
        required=False,
        help_text="厂长、经理、法定代表人、合伙人：本人和近亲属不能进工会委员会",
    )
    term_years = plain.TypedChoiceField(label="任期", choices=[("3", "3 年"), ("5", "5 年")], coerce=int)
    term_starts_on = forms.DayField(label="本届从哪天起", help_text="一般是选举那天")

    def __init__(self, *args: Any, members: int = 0, is_grassroots: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts = {
            "union": max(LEAST_LINES, seat_bounds(members)[1] if is_grassroots else 15),
            "audit": AUDIT_LINES,
            "women": WOMEN_LINES,
        }
        if not is_grassroots:
            del self.fields["principal_name"]
        for committee, number in self._places():
            self._add_line(committee, number)

    def _places(self) -> Iterable[tuple[str, int]]:
        return [(committee, number) for committee, count in self.counts.items() for number in range(count)]

    def _add_line(self, committee: str, number: int) -> None:
        head = f"{committee}{number}"
        word = f"{COMMITTEE_WORDS[committee]}第 {number + 1} 人"
        posts = POSTS[committee]
        line: dict[str, plain.Field] = {
            "name": forms.LineField(label=f"{word}姓名", max_length=40, required=False),
            "post": plain.ChoiceField(
                label=f"{word}职务",
                choices=[(post, post) for post in posts],
                required=False,
                initial=posts[0] if number == 0 else posts[-1],
            ),
            "votes": plain.IntegerField(label=f"{word}得票", required=False, min_value=0, max_value=9_999_999),
        }
        if committee == "union":
            line["relative"] = plain.BooleanField(label=f"{word}是单位主要负责人的近亲属", required=False)
        for name, one in line.items():
            one.widget.attrs["aria-label"] = one.label
            dress(one, None)
            self.fields[f"{head}_{name}"] = one

    def groups(self) -> list[dict[str, Any]]:
        """The lines of each committee, for the page."""
        return [
            {
                "name": COMMITTEE_WORDS[committee],
                "has_relative": committee == "union",
                "lines": [self._line(committee, number) for number in range(count)],
            }
            for committee, count in self.counts.items()
        ]

    def _line(self, committee: str, number: int) -> dict[str, Any]:
        head = f"{committee}{number}"
        names = ("name", "post", "votes", *(("relative",) if committee == "union" else ()))
        return {"number": number + 1} | {name: self[f"{head}_{name}"] for name in names}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for committee, number in self._places():
            head = f"{committee}{number}"
            if values.get(f"{head}_name") and values.get(f"{head}_votes") is None:
                self.add_error(f"{head}_votes", "请填写得票")
        return values

    def facts(self) -> ElectionFacts:
        """The clean values as the action wants them."""
        values = self.cleaned_data
        plain_names = ElectionFacts.__dataclass_fields__.keys() - {"seats", "principal_name"}
        seats = tuple(
            self._seat(committee, f"{committee}{number}")
            for committee, number in self._places()
            if values[f"{committee}{number}_name"]
        )
        return ElectionFacts(
            principal_name=values.get("principal_name", ""),
            seats=seats,
            **{name: values[name] for name in plain_names},
        )

    def _seat(self, committee: str, head: str) -> Seat:
        values = self.cleaned_data
        return Seat(
            committee=committee,
            name=values[f"{head}_name"],
            post=values[f"{head}_post"] or POSTS[committee][-1],
            votes=values[f"{head}_votes"],
            is_relative=values.get(f"{head}_relative", False),
        )

    @staticmethod
    def initial_of(election: Election) -> dict[str, Any]:
        """What was entered before."""
        names = (
            *("held_on", "assembly", "members_count", "women_count", "entitled_count", "attended_count"),
            *("principal_name", "term_years", "term_starts_on"),
        )
        return {name: getattr(election, name) for name in names} | initial_seats(
            (seat["committee"], seat["name"], seat["post"], seat["votes"]) for seat in election.seats
        )


def initial_seats(seats: Iterable[tuple[str, str, str, int | None]]) -> dict[str, Any]:
    """Lines filled with people known already: committee, name, post, votes."""
    found: dict[str, Any] = {}
    counts = dict.fromkeys(POSTS, 0)
    for committee, name, post, votes in seats:
        head = f"{committee}{counts[committee]}"
        counts[committee] += 1
        found |= {f"{head}_name": name, f"{head}_post": post if post in POSTS[committee] else POSTS[committee][-1]}
        if votes is not None:
            found[f"{head}_votes"] = votes
    return found

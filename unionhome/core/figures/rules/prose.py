"""The text of a review: sections of paragraphs, with a figure's code in braces where its number stands.

`{members.members}` writes the number as reviews do, `{members.members|wan}` in one of the `STYLES`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TITLE = "职工有难处，工会在身边"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the review."""

    key: str
    title: str
    paragraphs: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "service",
        "一、办好职工身边的事",
        (
            "送温暖、送清凉、送岗位、送学费，一年四季有人上门。全年为四季送筹到资金{relief.seasonal.raised}，"
            "得到东西或服务的职工有{relief.seasonal.people}。互助保障收到互助费{mutual_aid.fees}，"
            "给付互助金{mutual_aid.paid}，生病住院时领到钱的职工有{mutual_aid.people}。",
            "对建了档的城市困难职工，每人发一份生活补助，标准是{relief.hardship_grant.standard}，"
            "{relief.hardship_grant.people}领到，合计{relief.hardship_grant.paid}。",
            "为农民工讲法、调解、代理的服务分队有{legal.teams}。法治课讲了{legal.lectures}，"
            "来听的有{legal.lecture_attendance}；出面调处劳动争议、给予援助{legal.disputes_assisted}，"
            "替他们追回{legal.recovered}。",
            "单身职工的事也有人操心：相亲会办了{matchmaking.events}，各级红娘服务队有{matchmaking.teams}。",
        ),
    ),
    Section(
        "places",
        "二、建好家门口的工会",
        (
            "到期末，实名登记的工会组织有{organizations.unions}，会员有{members.members}。",
            "户外干活的人有地方喝水歇脚，带孩子的妈妈有地方哺乳，放学早的孩子有人照看："
            "驿站、母婴室和托管班合计{venues.care_sites}。",
        ),
    ),
    Section(
        "cadres",
        "三、干部到一线去",
        (
            "机关里的人编成{fieldwork.working_groups}工作组，住到县里、镇上、车间里去；"
            "各级工会把看到的问题写成调研报告{fieldwork.research_reports}。",
            "党组中心组学习开展了{learning.study_sessions}，机关干部参加培训{learning.training_attendance}。",
        ),
    ),
    Section(
        "achievement",
        "四、在重点项目上建功",
        ("劳动和技能竞赛办到了{competitions.key_projects}重点项目的工地上，比谁的手艺精、谁的质量好。",),
    ),
)

PIECE = re.compile(r"\{([a-z0-9_.]+)(?:\|([a-z]+))?\}([，。；：、]?)")
STYLES = {"plain": "原数", "wan": "万", "over": "余"}
"""How a number may be written, with the words of the editor: 1415人, 6.6万人, 283万余元."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words, or the code of a figure with the punctuation that must not part from it.

    `style` is "" where the text leaves it to the figure.
    """

    words: str = ""
    code: str = ""
    mark: str = ""
    style: str = ""


def pieces(paragraph: str) -> Iterator[Piece]:
    """A paragraph taken apart."""
    at = 0
    for found in PIECE.finditer(paragraph):
        if found.start() > at:
            yield Piece(words=paragraph[at : found.start()])
        yield Piece(code=found[1], style=found[2] or "", mark=found[3])
        at = found.end()
    if at < len(paragraph):
        yield Piece(words=paragraph[at:])


def codes(sections: Iterable[Section] = SECTIONS) -> list[str]:
    """The codes of all sections, in the order in which they stand; each once."""
    found = [piece.code for section in sections for text in section.paragraphs for piece in pieces(text) if piece.code]
    return list(dict.fromkeys(found))


def as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections as they are kept."""
    return [{"key": one.key, "title": one.title, "paragraphs": list(one.paragraphs)} for one in sections]


def from_data(kept: Iterable[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Sections as they are read."""
    return tuple(Section(one["key"], one["title"], tuple(one["paragraphs"])) for one in kept)

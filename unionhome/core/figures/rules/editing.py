"""The words of a review as they are typed: a number stands as #指标名#, or #指标名/万# in another way of writing."""

import re
from collections.abc import Mapping, Sequence

from unionhome.core.figures.rules.prose import PIECE, STYLES, Section
from unionhome.core.registry import BadInput, Refused

TOKEN = re.compile(r"#([^#\n/]{1,60})(?:/([^#\n/]{1,4}))?#")
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Signs that no document may hold."""
MOST_SIGNS = 6000
MOST_SECTIONS = 20
STYLE_OF = {word: style for style, word in STYLES.items()}
SENTENCE_ENDS = "。！？"


def to_typed(paragraphs: Sequence[str], names: Mapping[str, str]) -> str:
    """Paragraphs as somebody edits them, one a line; `names` are the figures' names by code."""

    def write(found: re.Match[str]) -> str:
        word = f"/{STYLES[found[2]]}" if found[2] in STYLES else ""
        return f"#{names.get(found[1], found[1])}{word}#{found[3]}"

    return "\n".join(PIECE.sub(write, one) for one in paragraphs)


def from_typed(text: str, codes_by_name: Mapping[str, str]) -> tuple[str, ...]:
    """Paragraphs out of what was typed. Raises BadInput for a name that no figure has, or for too much."""
    if len(text) > MOST_SIGNS:
        _refuse(f"一节最多 {MOST_SIGNS:,} 个字，现在有 {len(text):,} 个字。")
    plain = UNPRINTED.sub("", text).replace("{", "（").replace("}", "）")
    return tuple(_bound(line.strip(), codes_by_name) for line in plain.splitlines() if line.strip())


def _bound(line: str, codes_by_name: Mapping[str, str]) -> str:
    def bind(found: re.Match[str]) -> str:
        name, word = found[1].strip(), (found[2] or "").strip()
        code = codes_by_name.get(name)
        if code is None:
            near = [each for each in codes_by_name if name and (name in each or each in name)][:3]
            _refuse(f"没有叫“{name}”的指标。" + (f"是不是：{'、'.join(near)}？" if near else "请从指标里选一个。"))
        if word and word not in STYLE_OF:
            _refuse(f"“{name}/{word}”的写法不对，只能写 {'、'.join(STYLE_OF)}。")
        return f"{{{code}|{STYLE_OF[word]}}}" if word else f"{{{code}}}"

    return TOKEN.sub(bind, line)


def _refuse(sentence: str) -> None:
    raise BadInput(sentence, "review-text", fields={"text": sentence})


def without_sentence(sections: Sequence[Section], code: str) -> tuple[Section, ...]:
    """The sections without the sentences that hold a figure; paragraphs left empty go too."""
    return tuple(
        Section(one.key, one.title, tuple(filter(None, (_without(text, code) for text in one.paragraphs))))
        for one in sections
    )


def _without(paragraph: str, code: str) -> str:
    sentences = re.findall(rf"[^{SENTENCE_ENDS}]*[{SENTENCE_ENDS}]+|[^{SENTENCE_ENDS}]+", paragraph)
    return "".join(one for one in sentences if code not in [found[1] for found in PIECE.finditer(one)])


def with_section(sections: Sequence[Section], key: str, title: str, paragraphs: tuple[str, ...]) -> tuple[Section, ...]:
    """The sections with one rewritten. Raises Refused where it has gone meanwhile."""
    if key not in [one.key for one in sections]:
        raise Refused("这一节已经被删掉了，请把文字复制出来，加到别的节里。", "section-gone")
    return tuple(Section(key, title, paragraphs) if one.key == key else one for one in sections)


def with_new(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections with an empty one at the end. Raises Refused beyond twenty."""
    if len(sections) >= MOST_SECTIONS:
        raise Refused(f"一篇最多 {MOST_SECTIONS} 节。", "too-many-sections")
    numbers = [int(one.key[1:]) for one in sections if re.fullmatch(r"s\d+", one.key)]
    return (*sections, Section(f"s{max(numbers, default=0) + 1}", "新的一节", ()))


def moved(sections: Sequence[Section], key: str, verb: str) -> tuple[Section, ...]:
    """The sections with one a place higher (up), lower (down) or gone (delete)."""
    ordered = list(sections)
    place = next((number for number, one in enumerate(ordered) if one.key == key), None)
    if place is None:
        return tuple(ordered)
    one = ordered.pop(place)
    if verb != "delete":
        ordered.insert(max(0, place - 1) if verb == "up" else place + 1, one)
    return tuple(ordered)

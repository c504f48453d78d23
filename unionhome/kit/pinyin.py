"""Pinyin of names, without tones, for searching and sorting. ü is written v, as people type it."""

from __future__ import annotations

import re
from functools import lru_cache

_CHUNKS = re.compile(r"[a-z0-9]|[^a-z0-9]+")

# Readings that a dictionary of common words gets wrong for surnames.
_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "单于": "chan yu",
    "长孙": "zhang sun",
    "澹台": "tan tai",
    "鲜于": "xian yu",
    "令狐": "ling hu",
    "宿": "su",
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "华": "hua",
    "盖": "ge",
    "朴": "piao",
    "乐": "yue",
    "缪": "miao",
    "翟": "zhai",
    "覃": "qin",
    "谌": "chen",
    "隗": "wei",
    "牟": "mu",
    "逄": "pang",
    "佘": "she",
    "郗": "xi",
    "冼": "xian",
    "洗": "xian",
    "员": "yun",
    "贠": "yun",
    "种": "chong",
    "繁": "po",
    "秘": "bi",
    "黑": "he",
    "召": "shao",
    "折": "she",
    "祭": "zhai",
    "薄": "bo",
    "柏": "bai",
    "葛": "ge",
    "幺": "yao",
    "宁": "ning",
    "燕": "yan",
    "应": "ying",
    "尹": "yin",
    "强": "qiang",
    "盛": "sheng",
    "臧": "zang",
    "藏": "zang",
    "车": "che",
    "沈": "shen",
    "石": "shi",
    "娄": "lou",
    "那": "na",
    "於": "yu",
    "乜": "nie",
    "厍": "she",
    "郇": "xun",
    "句": "gou",
    "冯": "feng",
    "叶": "ye",
    "贾": "jia",
    "阚": "kan",
    "瞿": "qu",
    "俞": "yu",
    "莘": "shen",
    "亓": "qi",
    "钭": "tou",
    "佴": "nai",
    "呙": "guo",
    "粘": "nian",
    "能": "nai",
    "宓": "mi",
    "訾": "zi",
    "晁": "chao",
    "曲": "qu",
    "卜": "bu",
    "占": "zhan",
    "重": "chong",
    "都": "du",
    "行": "xing",
    "殷": "yin",
    "相": "xiang",
    "过": "guo",
    "纪": "ji",
    "哈": "ha",
    "撒": "sa",
    "尧": "yao",
    "麻": "ma",
}


def _read(text: str, errors: str = "default") -> list[str]:
    # The dictionary takes half a second to load: the first name pays for it, not every start.
    from pypinyin import lazy_pinyin  # inline: startup-time

    return list(lazy_pinyin(text, errors=errors))


@lru_cache(maxsize=32768)
def _reading(sign: str) -> str:
    """One sign read alone; letters and digits as they are, all else nothing."""
    text = _read(sign)[0].lower()
    return text if text.isascii() and text.isalnum() else ""


def _person(name: str) -> list[str]:
    for length in (2, 1):
        surname = _SURNAMES.get(name[:length])
        if surname is not None:
            return [*surname.split(), *map(_reading, name[length:])]
    return [_reading(sign) for sign in name]


def _words(text: str) -> list[str]:
    """Read as words are read (银行 hang, 行走 xing); letters and digits between them one by one."""
    parts: list[str] = []
    for chunk in _CHUNKS.findall(text.lower()):
        parts += [chunk] if chunk.isascii() else _read(chunk, "ignore")
    return [part for part in parts if part.isascii() and part.isalnum()]


def _parts(text: str, person: bool) -> list[str]:
    return [part for part in (_person if person else _words)("".join(text.split())) if part]


def full(name: str, *, person: bool = True) -> str:
    """曾小明 → zengxiaoming. ``person=False`` for organisations and places, where no surname leads."""
    return "".join(_parts(name, person))


def initials(name: str, *, person: bool = True) -> str:
    """曾小明 → zxm"""
    return "".join(part[0] for part in _parts(name, person))

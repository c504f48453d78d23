"""Unified social credit codes (统一社会信用代码, GB 32100-2015).

Eighteen signs: kind (2), division (6), organisation code (9, with a check of its own, GB 11714-1997), check (1).
Both checks are tested.
"""

from __future__ import annotations

import re

from unionhome.kit.codes.normal import CodeError, normal

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}
_WEIGHTS = tuple(3**place % 31 for place in range(17))
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER_CHECKS = "0X987654321"
_FORM = re.compile(rf"[1-9A-Y][1-59][0-9]{{6}}[{_SIGNS}]{{10}}")
_KINDS = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理机构编制的群众团体",
    "19": "机构编制其他",
    "21": "外交",
    "29": "外交其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "司法行政其他",
    "41": "外国在华文化中心",
    "49": "文化其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "民政其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台旅游部门常驻代表机构",
    "69": "旅游其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "宗教其他",
    "81": "基层工会",
    "89": "工会其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "99": "工商其他",
    "A1": "军队事业单位",
    "A9": "中央军委改革和编制其他",
    "N1": "村民小组",
    "N2": "村集体经济组织",
    "N3": "农村集体经济组织",
    "N9": "农业其他",
    "Y1": "其他",
}


def _check(first17: str) -> str:
    total = sum(weight * _VALUES[sign] for weight, sign in zip(_WEIGHTS, first17, strict=True))
    return _SIGNS[-total % 31]


def _inner_check(first8: str) -> str:
    total = sum(weight * int(sign, 36) for weight, sign in zip(_INNER_WEIGHTS, first8, strict=True))
    return _INNER_CHECKS[total % 11]


def parse_uscc(text: str) -> str:
    """The credit code meant, in capitals. Raises `CodeError`: uscc.empty, .length, .signs, .form, .check."""
    code = normal(text).replace("-", "")
    if not code:
        raise CodeError("请填写统一社会信用代码。", "uscc.empty")
    if len(code) != 18:
        raise CodeError(
            f"统一社会信用代码应为18位，现在是{len(code)}位；旧的营业执照号、组织机构代码请换成统一社会信用代码。",
            "uscc.length",
        )
    if set(code) & set("IOSVZ"):
        raise CodeError("统一社会信用代码里没有字母 I、O、S、V、Z，请核对是不是数字 1、0、5、2。", "uscc.signs")
    if not _FORM.fullmatch(code):
        raise CodeError("统一社会信用代码的写法不对，请对照证照核对。", "uscc.form")
    if _inner_check(code[8:16]) != code[16] or _check(code[:17]) != code[17]:
        raise CodeError("统一社会信用代码有误，请对照证照逐位核对。", "uscc.check")
    return code


def uscc_kind(code: str) -> str:
    """What the first two signs of a valid code say: 基层工会, 企业 …; 其他 if unknown."""
    return _KINDS.get(code[:2], "其他")


def make_uscc(kind: str, division: str, serial: int) -> str:
    """A synthetic code of two signs of ``kind`` ("91"), a six-digit ``division`` and ``serial`` below 10⁸."""
    if kind not in _KINDS or not (len(division) == 6 and division.isdecimal()) or not 0 <= serial < 10**8:
        raise ValueError("a kind has two known signs, a division six digits, a serial at most eight")
    inner = f"{serial:08d}"
    first17 = kind + division + inner + _inner_check(inner)
    return first17 + _check(first17)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhome.kit.pinyin import full, initials


@pytest.mark.parametrize(
    ("name", "whole", "first"),
    [
        ("王小明", "wangxiaoming", "wxm"),
        ("曾小明", "zengxiaoming", "zxm"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("解珍", "xiezhen", "xz"),
        ("仇英", "qiuying", "qy"),
        ("区小红", "ouxiaohong", "oxh"),
        ("查良", "zhaliang", "zl"),
        ("任贤", "renxian", "rx"),
        ("华佗", "huatuo", "ht"),
        ("盖小", "gexiao", "gx"),
        ("朴明", "piaoming", "pm"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟小花", "moqixiaohua", "mqxh"),
        ("万小花", "wanxiaohua", "wxh"),
        ("吕布", "lvbu", "lb"),
        ("欧阳娜", "ouyangna", "oyn"),
        (" 王 小明", "wangxiaoming", "wxm"),
        ("阿卜·买", "abomai", "abm"),
        ("", "", ""),
        ("Tom李", "tomli", "toml"),
        ("王A2", "wanga2", "wa2"),
        ("小曾", "xiaoceng", "xc"),
    ],
)
def test_names_of_people(name: str, whole: str, first: str) -> None:
    assert (full(name), initials(name)) == (whole, first)


@pytest.mark.parametrize(
    ("name", "whole", "first"),
    [
        ("重庆银行", "chongqingyinhang", "cqyh"),
        ("单位食堂", "danweishitang", "dwst"),
        ("A站（2号）", "azhan2hao", "az2h"),
    ],
)
def test_names_of_organisations(name: str, whole: str, first: str) -> None:
    assert (full(name, person=False), initials(name, person=False)) == (whole, first)


@given(st.text(max_size=20), st.booleans())
def test_the_result_can_always_be_searched(text: str, person: bool) -> None:
    whole, first = full(text, person=person), initials(text, person=person)
    assert (whole + first).isascii() and (not whole or whole.isalnum()) and whole == whole.lower()
    assert len(first) <= len(whole)

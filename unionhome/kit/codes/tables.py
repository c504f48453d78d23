"""Code tables of the national standards, with the usual words for their entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from unionhome.kit.codes.normal import CodeError

_SIGNS = re.compile(r"[\s、，,()/·.]+")
_SHOWN = 12


def _key(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True)
class CodeTable(Mapping[str, str]):
    """An ordered table from code to Chinese label. ``words`` are further spellings, each with its code."""

    title: str
    source: str
    entries: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, code: str) -> str:
        return self.entries[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __hash__(self) -> int:
        return hash(self.title)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs of code and label, for a form."""
        return list(self.entries.items())

    def label(self, code: str) -> str:
        """The label of ``code``; empty for a code that is not in the table."""
        return self.entries.get(code, "")

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """Labels go before words, words before codes, codes before codes without their leading zero."""
        found = {_key(code.lstrip("0") or "0"): code for code in self.entries}
        found |= {_key(code): code for code in self.entries}
        found |= {_key(word): code for word, code in self.words.items()}
        return found | {_key(label): code for code, label in self.entries.items()}

    def find(self, text: str) -> str | None:
        """The code meant by a code, a label or a usual word; None if there is none."""
        return self._spellings.get(_key(text))


def match_label(table: CodeTable, text: str) -> str:
    """The code in ``table`` meant by a code, a label or a usual word. Raises `CodeError` (table.unknown)."""
    code = table.find(text)
    if code is None:
        labels = list(table.values())
        offer = "、".join(labels[:_SHOWN]) + ("等" if len(labels) > _SHOWN else "")
        raise CodeError(f"{table.title}里没有“{text.strip()[:20]}”，可填：{offer}。", "table.unknown")
    return code


def _numbered(text: str, start: int = 1) -> dict[str, str]:
    return {f"{number:02d}": label for number, label in enumerate(text.split(), start)}


SEX = CodeTable(
    "性别",
    "GB/T 2261.1-2003",
    {"0": "未知的性别", "1": "男", "2": "女", "9": "未说明的性别"},
    {
        "男性": "1",
        "女性": "2",
        "未知": "0",
        "未说明": "9",
        "M": "1",
        "F": "2",
    },
)

_ETHNIC = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 傈僳族 "
    "佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 "
    "阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 "
    "珞巴族 基诺族"
)
ETHNIC_GROUPS = CodeTable(
    "民族",
    "GB/T 3304-1991",
    _numbered(_ETHNIC) | {"97": "其他", "98": "外国血统中国籍人士"},
    {label.removesuffix("族"): code for code, label in _numbered(_ETHNIC).items()} | {"穿青人": "97", "其它": "97"},
)

EDUCATION = CodeTable(
    "学历",
    "GB/T 4658-2006",
    {
        "10": "研究生",
        "20": "大学本科",
        "30": "大学专科",
        "40": "中等职业教育",
        "60": "高中",
        "70": "初中",
        "80": "小学",
        "90": "其他",
    },
    {
        "研究生教育": "10",
        "博士研究生": "10",
        "硕士研究生": "10",
        "博士": "10",
        "硕士": "10",
        "研究生及以上": "10",
        "11": "10",
        "14": "10",
        "19": "10",
        "大学本科教育": "20",
        "本科": "20",
        "大学": "20",
        "大本": "20",
        "21": "20",
        "28": "20",
        "大学专科教育": "30",
        "大专": "30",
        "专科": "30",
        "高职": "30",
        "31": "30",
        "38": "30",
        "中专": "40",
        "中等专科": "40",
        "中等专业学校": "40",
        "职高": "40",
        "职业高中": "40",
        "技校": "40",
        "技工学校": "40",
        "中技": "40",
        "41": "40",
        "44": "40",
        "47": "40",
        "普通高级中学教育": "60",
        "普通高中": "60",
        "高级中学": "60",
        "61": "60",
        "初级中学教育": "70",
        "初级中学": "70",
        "71": "70",
        "小学教育": "80",
        "81": "80",
        "其它": "90",
        "文盲": "90",
        "半文盲": "90",
        "无": "90",
        "不识字": "90",
    },
)

DEGREES = CodeTable(
    "学位",
    "GB/T 6864-2003",
    {"1": "名誉博士", "2": "博士", "3": "硕士", "4": "学士"},
    {
        "博士学位": "2",
        "硕士学位": "3",
        "学士学位": "4",
    },
)

POLITICAL = CodeTable(
    "政治面貌",
    "GB/T 4762-1984",
    _numbered(
        "中共党员 中共预备党员 共青团员 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员 九三学社社员 台盟盟员 无党派人士 群众",
    ),
    {
        "党员": "01",
        "中国共产党党员": "01",
        "共产党员": "01",
        "中共正式党员": "01",
        "正式党员": "01",
        "预备党员": "02",
        "中国共产党预备党员": "02",
        "团员": "03",
        "中国共产主义青年团团员": "03",
        "共青团": "03",
        "民革": "04",
        "民革会员": "04",
        "中国国民党革命委员会会员": "04",
        "民盟": "05",
        "中国民主同盟盟员": "05",
        "民建": "06",
        "中国民主建国会会员": "06",
        "民进": "07",
        "中国民主促进会会员": "07",
        "农工党": "08",
        "农工民主党党员": "08",
        "中国农工民主党党员": "08",
        "致公党": "09",
        "中国致公党党员": "09",
        "九三学社": "10",
        "台盟": "11",
        "台湾民主自治同盟盟员": "11",
        "无党派": "12",
        "无党派民主人士": "12",
        "群众(现称普通居民)": "13",
        "普通公民": "13",
    },
)

INDUSTRIES = CodeTable(
    "行业",
    "GB/T 4754-2017",
    {
        "A": "农、林、牧、渔业",
        "B": "采矿业",
        "C": "制造业",
        "D": "电力、热力、燃气及水生产和供应业",
        "E": "建筑业",
        "F": "批发和零售业",
        "G": "交通运输、仓储和邮政业",
        "H": "住宿和餐饮业",
        "I": "信息传输、软件和信息技术服务业",
        "J": "金融业",
        "K": "房地产业",
        "L": "租赁和商务服务业",
        "M": "科学研究和技术服务业",
        "N": "水利、环境和公共设施管理业",
        "O": "居民服务、修理和其他服务业",
        "P": "教育",
        "Q": "卫生和社会工作",
        "R": "文化、体育和娱乐业",
        "S": "公共管理、社会保障和社会组织",
        "T": "国际组织",
    },
    {
        "农业": "A",
        "农林牧渔": "A",
        "采矿": "B",
        "煤炭": "B",
        "工业": "C",
        "制造": "C",
        "电力": "D",
        "水电气": "D",
        "建筑": "E",
        "批发零售": "F",
        "批发零售业": "F",
        "商业": "F",
        "交通运输": "G",
        "交通运输业": "G",
        "物流": "G",
        "快递": "G",
        "邮政": "G",
        "餐饮": "H",
        "住宿餐饮": "H",
        "住宿餐饮业": "H",
        "信息技术": "I",
        "软件": "I",
        "互联网": "I",
        "金融": "J",
        "银行": "J",
        "房地产": "K",
        "租赁商务服务": "L",
        "科研": "M",
        "水利环境": "N",
        "居民服务": "O",
        "家政": "O",
        "教育业": "P",
        "卫生": "Q",
        "医疗": "Q",
        "文体娱乐": "R",
        "文化体育": "R",
        "公共管理": "S",
        "机关": "S",
        "党政机关": "S",
    },
)

MARITAL = CodeTable(
    "婚姻状况",
    "GB/T 2261.2-2003",
    {
        "10": "未婚",
        "20": "已婚",
        "21": "初婚",
        "22": "再婚",
        "23": "复婚",
        "30": "丧偶",
        "40": "离婚",
        "90": "未说明的婚姻状况",
    },
    {"单身": "10", "离异": "40", "未说明": "90"},
)

HEALTH = CodeTable(
    "健康状况",
    "GB/T 2261.3-2003",
    {"1": "健康或良好", "2": "一般或较弱", "3": "有慢性病", "6": "有残疾"},
    {
        "健康": "1",
        "良好": "1",
        "一般": "2",
        "较弱": "2",
        "慢性病": "3",
        "残疾": "6",
    },
)

OCCUPATIONS = CodeTable(
    "从业状况",
    "GB/T 2261.4-2003",
    {
        "11": "国家公务员",
        "13": "专业技术人员",
        "17": "职员",
        "21": "企业管理人员",
        "24": "工人",
        "27": "农民",
        "31": "学生",
        "37": "现役军人",
        "51": "自由职业者",
        "54": "个体经营者",
        "70": "无业人员",
        "80": "退（离）休人员",
        "90": "其他",
    },
    {
        "公务员": "11",
        "管理人员": "21",
        "个体户": "54",
        "无业": "70",
        "失业": "70",
        "退休": "80",
        "离休": "80",
        "其它": "90",
    },
)

SKILL_LEVELS = CodeTable(
    "技能等级",
    "国家职业资格等级",
    {
        "1": "高级技师",
        "2": "技师",
        "3": "高级工",
        "4": "中级工",
        "5": "初级工",
        "0": "无等级",
    },
    {
        "一级": "1",
        "二级": "2",
        "三级": "3",
        "四级": "4",
        "五级": "5",
        "一级高级技师": "1",
        "二级技师": "2",
        "三级高级工": "3",
        "四级中级工": "4",
        "五级初级工": "5",
        "高级技师一级": "1",
        "技师二级": "2",
        "高级工三级": "3",
        "中级工四级": "4",
        "初级工五级": "5",
        "高级": "3",
        "中级": "4",
        "初级": "5",
        "无": "0",
    },
)

"""Sheets of unions: every way a row can be wrong, parents in any order, repeats, branches, and the whole way by page."""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.worlds import World
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.models import Entry
from unionhome.core.organizations import actions, commands, queries
from unionhome.core.organizations import sheets as workbooks
from unionhome.core.organizations.models import Employer, Officer, Organization, OrganizationChange, UnionSheet
from unionhome.core.organizations.queries.sheets import list_refusals
from unionhome.core.organizations.rules.sheets import TEMPLATE, headers
from unionhome.core.registry import Actor, Forbidden, NotFound, Refused
from unionhome.core.tree.models import Node
from unionhome.kit.codes import make_uscc
from unionhome.kit.sheets import write_workbook

OWN, FIRM = make_uscc("81", "610502", 101), make_uscc("91", "610502", 102)
Import = Callable[..., UnionSheet]


def cells(**given: object) -> list[object]:
    """One row of the template, any column replaced."""
    row: dict[str, object] = {
        "工会编码": "610502001-Q0101",
        "工会名称": "渭南示例食品有限公司工会",
        "上级工会编码": "610502001",
        "工会层级": "基层",
        "工会类型": "独立基层工会",
        "行政区划代码": "610502001001",
        "单位名称": "渭南示例食品有限公司",
        "单位性质": "私营",
        "职工人数": "86人",
        "女职工人数": 30,
        "建会日期": "2021/3/5",
        "届次": 1,
        "本届起": "20210305",
        "本届止": "2026-03-04",
        "主席姓名": "王示例",
        **given,
    }
    return [row.get(column, "") for column in TEMPLATE]


def book(rows: Iterable[list[object]]) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, headers(), rows)
    return buffer.getvalue()


@pytest.fixture
def enter(system: Actor, tree: dict[str, Node]) -> Import:
    """Hand in rows, check, confirm and enter them."""

    def run(*rows: list[object], actor: Actor | None = None) -> UnionSheet:
        who = actor or system
        sheet = actions.hand_in_sheet(who, book(rows), name="组织表.xlsx", in_background=False)
        sheet = actions.check_sheet(who, sheet.pk)
        if sheet.preview.get("r", 0) == sheet.row_count:
            return sheet
        actions.apply_sheet(who, sheet.pk, in_background=False)
        return actions.enter_sheet(who, sheet.pk)

    return run


def reasons(sheet: UnionSheet) -> list[tuple[int, str]]:
    return [(each.number, each.sentence) for each in list_refusals(queries.find_sheet(sheet.pk) or sheet)]


def test_two_rows_find_the_same_new_employer(enter: Import, system: Actor) -> None:
    """Told of standing unions that had none: the second row finds the employer that the first has made."""
    branch = {"工会类型": "分会", "工会层级": "基层", "上级工会编码": "610502001-Q0101", "单位名称": "", "主席姓名": ""}
    enter(
        cells(),
        cells(工会编码="F1", 工会名称="一车间分会", **branch),
        cells(工会编码="F2", 工会名称="二车间分会", **branch),
    )
    named = {"单位名称": "渭南示例包装有限公司", "单位统一社会信用代码": FIRM}
    rows = [
        cells(工会编码=code, 工会名称=name, **{**branch, **named, "单位名称": firm})
        for code, name, firm in (
            ("F1", "一车间分会", "渭南示例包装（渭南）有限公司"), ("F2", "二车间分会", "渭南示例包装(渭南) 有限公司"),
        )
    ]  # fmt: skip
    sheet = enter(*rows)
    assert (sheet.state, reasons(sheet)) == ("applied", [])
    firms = Organization.objects.filter(node__code__in=("F1", "F2")).values_list("employer", flat=True)
    assert Employer.objects.filter(uscc=FIRM).count() == 1 and len(set(firms)) == 1


def test_changes_tell_old_and_new_as_the_page_does(enter: Import) -> None:
    enter(cells(工会编码="610502001-Q0101"))
    enter(cells(
        工会名称="渭南示例食品集团工会", 行政区划代码="610502001002", 职工人数=90, 单位性质="国有", 主席姓名="李示例",
    ))  # fmt: skip
    found = OrganizationChange.objects.exclude(kind="founded").order_by("pk").values_list("kind", "old", "new")
    assert list(found) == [
        ("renamed", "渭南示例食品有限公司工会", "渭南示例食品集团工会"),
        ("relocated", "临渭区人民街道园里堡社区", "临渭区人民街道南塘社区"),
        ("changed", "职工人数 86；单位性质 私营；主席姓名 王示例", "职工人数 90；单位性质 国有；主席姓名 李示例"),
    ]


def test_a_row_becomes_a_union_with_all_that_it_says(enter: Import) -> None:
    sheet = enter(cells(统一社会信用代码=OWN.lower(), 单位统一社会信用代码=FIRM, 联系电话="0913-1234567"))
    assert sheet.counts == {"n": 1}
    union = Organization.objects.select_related("employer", "node__parent").get(node__code="610502001-Q0101")
    assert (union.uscc, union.workers_count, union.term_no, union.term_years, union.phone) == (
        OWN, 86, 1, 5, "0913-1234567",
    )  # fmt: skip
    assert union.employer is not None and (union.employer.uscc, union.employer.nature) == (FIRM, "170")
    assert union.node.parent is not None and union.node.parent.code == "610502001"
    assert Officer.objects.get(organization=union).name == "王示例"
    assert Entry.objects.filter(kind="organizations.sheet.entered").count() == 1


def test_the_same_file_twice_changes_nothing(enter: Import) -> None:
    rows = [
        cells(),
        cells(工会编码="610502001-L0101", 工会名称="人民街道商贸联合工会", 工会类型="联合基层工会", 单位名称=""),
    ]
    enter(*rows)
    before = (Entry.objects.filter(kind__startswith="organizations.union").count(), OrganizationChange.objects.count())
    again = enter(*rows)
    assert again.counts == {"u": 2}
    assert before == (
        Entry.objects.filter(kind__startswith="organizations.union").count(),
        OrganizationChange.objects.count(),
    )


def test_what_was_written_out_is_taken_back_unchanged(enter: Import, system: Actor) -> None:
    enter(cells(统一社会信用代码=OWN, 单位统一社会信用代码=FIRM, 所属行业="制造业", 批准文号="工发〔2021〕3号"))
    buffer = io.BytesIO()
    unions = queries.list_organizations(system, queries.Filters())
    count = workbooks.export_workbook(buffer, queries.list_export_rows(unions))
    sheet = actions.hand_in_sheet(system, buffer.getvalue(), name="导出.xlsx", in_background=False)
    sheet = actions.check_sheet(system, sheet.pk)
    assert sheet.preview == {"u": count}


def test_parents_may_come_later_in_the_file(enter: Import) -> None:
    group = cells(工会编码="G1", 工会名称="一班小组", 上级工会编码="F1", 工会层级="小组", 工会类型="小组", 单位名称="")
    branch = cells(工会编码="F1", 工会名称="一车间分会", 上级工会编码="610502001-Q0101", 工会类型="分会", 单位名称="")
    sheet = enter(group, branch, cells())
    assert sheet.counts == {"n": 3}
    assert Node.objects.get(code="G1").path.startswith(Node.objects.get(code="610502001-Q0101").path)


WRONG: list[tuple[dict[str, object], str]] = [
    ({"统一社会信用代码": OWN[:-1] + ("A" if OWN[-1] != "A" else "B")}, "统一社会信用代码有误"),
    ({"单位统一社会信用代码": FIRM[:-1] + ("A" if FIRM[-1] != "A" else "B")}, "统一社会信用代码有误"),
    ({"统一社会信用代码": FIRM}, "工会自己的代码以 8 开头"),
    ({"行政区划代码": "610599"}, "没有行政区划代码是“610599”的地方"),
    ({"行政区划代码": "61050"}, "6位（县）"),
    ({"上级工会编码": "610502999"}, "找不到上级工会“610502999”"),
    ({"上级工会编码": ""}, "没有写上级工会编码"),
    ({"本届起": "2021-03-05", "本届止": "2021-03-05"}, "本届止应晚于本届起"),
    ({"职工人数": 10, "女职工人数": 11}, "女职工人数不能多于职工人数"),
    ({"职工人数": "很多"}, "应是整数"),
    ({"工会层级": "村"}, "独立基层工会不能是“村”级"),
    ({"工会类型": "分会", "单位名称": ""}, "分会和小组只能建在基层工会下面"),
    ({"工会层级": "省"}, "工会层级里没有“省”"),
    ({"工会类型": "协会"}, "工会类型里没有“协会”"),
    ({"单位名称": ""}, "独立基层工会要写单位名称"),
    ({"建会日期": "2099-01-01"}, "建会日期在今天以后"),
    ({"建会日期": "2010-01-01", "本届起": "", "本届止": ""}, "下级不能早于它"),
    ({"工会编码": ""}, "没有写工会编码"),
    ({"工会编码": "渭南一号"}, "只能有数字、字母和短横线"),
    ({"工会名称": "长" * 121}, "最多120个字"),
    ({"工会名称": ""}, "没有写工会名称"),
    ({"工会编码": "999999", "工会层级": "市", "工会类型": "地方总工会", "上级工会编码": "", "单位名称": ""}, "只能有一个"),
    (
        {"工会编码": "888", "工会层级": "县", "工会类型": "地方总工会", "上级工会编码": "610502001", "单位名称": ""},
        "不能在县级工会上面",
    ),
    ({"工会编码": "610502001", "工会名称": "人民街道总工会", "上级工会编码": "610502"}, "层级、类型和登记的不同"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), WRONG)
def test_a_wrong_row_is_refused_and_the_others_go_in(enter: Import, given: dict[str, object], words: str) -> None:
    good = cells(工会编码="610502001-Q0900", 工会名称="渭南示例好公司工会", 单位名称="渭南示例好公司")
    sheet = enter(cells(**given), good)
    assert sheet.counts == {"r": 1, "n": 1}
    ((number, sentence),) = reasons(sheet)
    assert number == 2 and words in sentence


def test_doubles_and_circles_are_refused_where_they_stand(enter: Import) -> None:
    circle = [
        cells(工会编码="C1", 上级工会编码="C2", 工会名称="甲工会", 工会类型="工会联合会", 单位名称=""),
        cells(工会编码="C2", 上级工会编码="C1", 工会名称="乙工会", 工会类型="工会联合会", 单位名称=""),
        cells(工会编码="C3", 上级工会编码="C2", 工会名称="丙工会", 工会类型="工会联合会", 单位名称=""),
    ]
    rows = [
        cells(),
        cells(工会名称="另一个名字"),
        cells(工会编码="610502001-Q0102"),
        cells(工会编码="610502001-Q0103", 工会名称="同一单位的工会"),
        *circle,
    ]
    sheet = enter(*rows)
    found = dict(reasons(sheet))
    assert sheet.counts == {"n": 1, "r": 6}
    assert "和第2行的工会编码相同" in found[3]
    assert "和第2行同名" in found[4]
    assert "在第2行已经写过" in found[5]
    assert "绕成了圈" in found[6] and "绕成了圈" in found[7]
    assert "第7行）没有收" in found[8]


def test_a_standing_union_is_changed_renamed_and_gets_another_chair(enter: Import) -> None:
    enter(cells())
    sheet = enter(
        cells(工会名称="渭南示例新食品有限公司工会", 职工人数=90, 主席姓名="李示例", 单位统一社会信用代码=FIRM)
    )
    union = Organization.objects.select_related("node").get(node__code="610502001-Q0101")
    assert (sheet.counts, union.node.name, union.workers_count) == ({"c": 1}, "渭南示例新食品有限公司工会", 90)
    assert Officer.objects.get(organization=union, ends_on=None).name == "李示例"
    assert Employer.objects.get(union=union.node).uscc == FIRM
    assert {"renamed", "changed"} <= set(
        OrganizationChange.objects.filter(node=union.node).values_list("kind", flat=True)
    )


def test_a_union_is_moved_and_a_circle_among_standing_ones_is_refused(enter: Import) -> None:
    federation = {"工会类型": "工会联合会", "单位名称": ""}
    enter(
        cells(工会编码="A1", 工会名称="甲工会", **federation),
        cells(工会编码="B1", 工会名称="乙工会", 上级工会编码="A1", **federation),
        cells(工会编码="D1", 工会名称="丁工会", **federation),
    )
    sheet = enter(
        cells(工会编码="A1", 工会名称="甲工会", 上级工会编码="D1", **federation),
        cells(工会编码="D1", 工会名称="丁工会", 上级工会编码="B1", **federation),
    )
    assert sheet.counts == {"m": 1, "r": 1}
    assert "自己或它的下级下面" in dict(reasons(sheet))[3]
    moved = enter(cells(工会编码="B1", 工会名称="乙工会", 上级工会编码="610502100", **federation))
    assert moved.counts == {"m": 1}
    parent = Node.objects.get(code="B1").parent
    assert parent is not None and parent.code == "610502100"


def test_only_the_actors_branch_and_what_it_decides(enter: Import, cadre: Callable[..., Actor]) -> None:
    county = replace(cadre("610502"), user_id=None)
    empty = dict.fromkeys(
        ("建会日期", "本届起", "本届止", "职工人数", "女职工人数", "主席姓名", "单位名称", "届次"), ""
    )
    elsewhere = cells(
        工会编码="X1", 上级工会编码="610503100", 行政区划代码="610503100200", 工会名称="甲工会", 单位名称="甲"
    )
    foreign = cells(工会编码="610503100", 工会名称="别的名字", 工会层级="镇", 工会类型="乡镇街道工会", **empty,
                    上级工会编码="610503", 行政区划代码="610503100")  # fmt: skip
    own = cells(工会编码="610502", 工会名称="临渭区总工会", 工会层级="县", 工会类型="地方总工会", **empty,
                上级工会编码="610500", 行政区划代码="610502", 批准文号="自己批的")  # fmt: skip
    sheet = enter(cells(), elsewhere, foreign, own, actor=county)
    found = dict(reasons(sheet))
    assert sheet.counts == {"n": 1, "r": 3}
    assert "不在您的工会范围" in found[3] and "不在您的工会范围" in found[4]
    assert "由上一级工会办理" in found[5]


def test_who_may_not_import_is_refused(enter: Import, cadre: Callable[..., Actor], system: Actor) -> None:
    with pytest.raises(Forbidden):
        actions.hand_in_sheet(cadre("610502", "chair"), book([cells()]), name="组织表.xlsx")
    sheet = actions.hand_in_sheet(system, book([cells()]), name="组织表.xlsx", in_background=False)
    with pytest.raises(NotFound):
        actions.check_sheet(cadre("610502"), sheet.pk)


def test_what_changed_since_the_check_shows_in_the_entry(system: Actor, tree: dict[str, Node]) -> None:
    first, second = (
        actions.hand_in_sheet(system, book([cells(**given)]), name="组织表.xlsx", in_background=False)
        for given in ({}, {"工会编码": "610502001-Q0102"})
    )
    for sheet in (first, second):
        actions.check_sheet(system, sheet.pk)
        actions.apply_sheet(system, sheet.pk, in_background=False)
    actions.enter_sheet(system, first.pk)
    late = actions.enter_sheet(system, second.pk)
    assert late.counts == {"r": 1}
    assert "上级工会下面已有" in dict(reasons(late))[2]
    assert actions.enter_sheet(system, second.pk).counts == {"r": 1}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("工会编码,工会名称\n1,甲\n".encode(), "缺少这些列：工会层级、工会类型、行政区划代码"),
        ((",".join(headers()) + "\n").encode(), "一行工会也没有"),
        ("姓名,年龄\n甲,3\n".encode(), "没有找到表头"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_whole(
    system: Actor, tree: dict[str, Node], data: bytes, words: str
) -> None:
    sheet = actions.hand_in_sheet(system, data, name="表.csv", in_background=False)
    sheet = actions.check_sheet(system, sheet.pk)
    assert sheet.state == "refused" and words in sheet.problem
    with pytest.raises(Refused):
        actions.apply_sheet(system, sheet.pk)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_texts_is_read_in_both_encodings(system: Actor, tree: dict[str, Node], encoding: str) -> None:
    lines = [",".join(headers()), ",".join(map(str, cells()))]
    sheet = actions.hand_in_sheet(system, "\n".join(lines).encode(encoding), name="组织.csv", in_background=False)
    assert actions.check_sheet(system, sheet.pk).preview == {"n": 1}


def test_content_goes_when_its_time_is_over(enter: Import, system: Actor) -> None:
    sheet = enter(cells(), cells(工会编码="Q9", 上级工会编码="没有"))
    UnionSheet.objects.filter(pk=sheet.pk).update(created_at=sheet.created_at.replace(year=2020))
    assert actions.erase_old_sheets(system) == 1
    sheet = UnionSheet.objects.get(pk=sheet.pk)
    assert (bytes(sheet.refused_sealed), sheet.samples, sheet.counts) == (b"", {}, {"n": 1, "r": 1})
    assert not SealedFile.objects.filter(model="organizations.unionsheet", object_id=sheet.pk, erased_at=None).exists()


def test_the_command_tells_and_writes_the_refused_rows(
    system: Actor, tree: dict[str, Node], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "unions.xlsx").write_bytes(book([cells(), cells(工会编码="Q9", 上级工会编码="000")]))
    verb = commands.COMMANDS[0]
    options = options_of(verb, [str(tmp_path / "unions.xlsx"), "--preview"])
    assert verb.run(options, system) == 0
    assert not Node.objects.filter(code="610502001-Q0101").exists()
    options = options_of(verb, [str(tmp_path / "unions.xlsx"), "--result", str(tmp_path / "refused.xlsx")])
    assert verb.run(options, system) == 0
    told = capsys.readouterr().out
    assert "新建" in told and "上级工会不对：1" in told
    rows = CalamineWorkbook.from_path(str(tmp_path / "refused.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["原表行号", "没有收的原因", "工会编码"] and rows[1][2] == "Q9"


def options_of(verb: Any, arguments: list[str]) -> Any:
    from argparse import ArgumentParser

    parser = ArgumentParser()
    verb.configure(parser)
    return parser.parse_args(arguments)


def test_an_old_workbook_is_read_as_a_new_one(system: Actor, tree: dict[str, Node]) -> None:
    """`.xls` as old programs write it: codes as numbers, days as days."""
    data = (Path(__file__).parent / "samples" / "unions.xls").read_bytes()
    sheet = actions.hand_in_sheet(system, data, name="组织表.xls", in_background=False)
    sheet = actions.check_sheet(system, sheet.pk)
    assert (sheet.state, sheet.outcomes, sheet.unknown) == ("checked", "nr", [])
    actions.apply_sheet(system, sheet.pk, in_background=False)
    actions.enter_sheet(system, sheet.pk)
    union = Organization.objects.select_related("node__parent").get(node__code="610502001-Q0101")
    assert union.node.parent == tree["610502001"] and union.division_id == "610502001001"
    assert f"{union.founded_on} {union.term_starts_on} {union.term_ends_on}" == "2021-03-05 2021-03-05 2026-03-04"


def test_the_whole_way_by_page(org_world: World) -> None:
    city = org_world.client("city")
    assert "下载模板" in city.get("/desk/organizations/import/").content.decode()
    assert city.get("/desk/organizations/import/template/").content[:2] == b"PK"
    answer = city.post("/desk/organizations/import/", {"submit_key": "k1"})
    assert answer.status_code == 400
    upload = SimpleUploadedFile("组织.xlsx", book([cells(), cells(工会编码="Q9", 上级工会编码="000")]))
    answer = city.post("/desk/organizations/import/", {"file": upload, "submit_key": "k2"})
    sheet = UnionSheet.objects.get()
    assert answer.headers["Location"].endswith(f"/import/{sheet.pk}/")
    assert "正在逐行检查" in city.get(answer.headers["Location"]).content.decode()
    actions.check_sheet(org_world.actor("city"), sheet.pk)
    page = city.get(f"/desk/organizations/import/{sheet.pk}/").content.decode()
    assert "确认登记" in page and "找不到上级工会" in page
    assert city.get(f"/desk/organizations/import/{sheet.pk}/refused/").content[:2] == b"PK"
    city.post(f"/desk/organizations/import/{sheet.pk}/apply/", {"submit_key": "k3"})
    actions.enter_sheet(org_world.actor("city"), sheet.pk)
    assert "登记结果" in city.get(f"/desk/organizations/import/{sheet.pk}/").content.decode()
    exported = city.get("/desk/organizations/export/?form=single")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(exported.content)).get_sheet_by_index(0).to_python()
    assert {row[4] for row in rows[1:]} == {"独立基层工会"}
    assert org_world.client("chair").get("/desk/organizations/import/").status_code == 403
    assert org_world.client("county").get(f"/desk/organizations/import/{sheet.pk}/").status_code == 404

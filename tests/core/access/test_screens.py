"""The data of a journal entry in words."""

import pytest

from unionhome.core.access.screens import data_lines, kind_label, object_label, room_choices


@pytest.mark.parametrize(
    ("kind", "data", "lines"),
    [
        ("access.grant.given", {"role": "cadre"}, [("岗位", "工会工作人员")]),
        ("access.token.created", {"permissions": ["members.view"]}, [("权限", "查看会员资料（遮住证件和电话）")]),
        (
            "records.record.added",
            {"service": "helpdesk.arrive", "amount_fen": 186000},
            [("服务", "诉求，到场"), ("金额", "1,860.00元")],
        ),
        ("cases.arrival.stamped", {"first": True}, [("第一次", "是")]),
        ("members.application.approved", {"from": "submitted"}, [("原来", "等工会审核")]),
        ("organizations.union.changed", {"new": {"phone": ""}}, [("改为", "办公电话：—")]),
        ("members.person.corrected", {"education": ["没有登记", "大学专科"]}, [("学历", "没有登记、大学专科")]),
        ("organizations.union.founded", {"form": "joint"}, [("工会类型", "联合基层工会")]),
        ("organizations.officer.appointed", {"committee": "union"}, [("委员会", "工会委员会")]),
        ("members.consent.given", {"purpose": "members.contact"}, [("用途", "接收活动和服务通知")]),
        ("members.file.opened", {"parts": ["phone", "document"]}, [("看了什么", "完整手机号码、完整证件号码")]),
        ("cases.thing.done", {"strange_key": "x", "first": False}, [("第一次", "否"), ("其他", "x")]),
    ],
)
def test_data_is_read_in_words(kind: str, data: dict[str, object], lines: list[tuple[str, str]]) -> None:
    assert data_lines(kind, data) == lines


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("helpdesk.need.accepted", "诉求，受理"),
        ("helpdesk.need.referred", "诉求，转办"),
        ("helpdesk.need.opened", "诉求，提出"),
        ("records.record.added", "服务台账"),
        ("strange.thing.done", "其他"),
    ],
)
def test_a_kind_is_read_in_words(kind: str, label: str) -> None:
    assert kind_label(kind) == label


def test_what_an_entry_is_about_has_a_name() -> None:
    assert (object_label("cases.case"), object_label("tree.node"), object_label("x.y")) == ("诉求", "工会", "记录")


def test_a_business_of_two_rooms_is_offered_once() -> None:
    choices = room_choices()
    assert ("helpdesk.,cases.", "诉求") in choices
    assert len({title for _, title in choices}) == len(choices)

"""Figures of the register: who stands in it, who came and who went. Every number is counted from memberships.

Who stood where on a day is kept for ever. What a person is (sex, group, migrant) and what an employer is are known as
they are now only: figures by them say so.
"""

from collections.abc import Mapping
from typing import Any

from unionhome.core.members.rules.codes import Entry, Status, WorkGroup
from unionhome.core.members.rules.counted import COUNTED, GROUPS
from unionhome.core.organizations.rules import NATURE_GROUPS
from unionhome.core.registry import Column, Figure

MEMBER = (
    Column("姓名", "person__name", "masked_name"),
    Column("所在工会", "node__name"),
    Column("入会日期", "joined_on", "day"),
    Column("状态", "status"),
)
GONE = (*MEMBER, Column("离开日期", "left_on", "day"))
NOW = "按现在登记的资料算，以前的日期也按现在的资料。"
REPORTED_FORMS = ("single", "joint", "federation", "committee")


def _stock(code: str, name: str, definition: str, predicate: Mapping[str, Any] | None = None, **more: Any) -> Figure:
    return Figure(
        code=f"members.{code}",
        name=name,
        unit="人",
        kind="stock",
        basis="实名",
        definition=definition,
        owner="members",
        model="members.Membership",
        measure="people:person",
        predicate=COUNTED[code] if predicate is None else predicate,
        standing=("counts_on", "left_on"),
        place="node",
        columns=MEMBER,
        **more,
    )


def _flow(code: str, name: str, definition: str, predicate: Mapping[str, Any], day: str, **more: Any) -> Figure:
    return Figure(
        code=f"members.{code}",
        name=name,
        unit="人",
        kind="flow",
        basis="实名",
        definition=definition,
        owner="members",
        model="members.Membership",
        measure="people:person",
        predicate=predicate,
        day=day,
        place="node",
        columns=GONE if day == "left_on" else MEMBER,
        **more,
    )


def _reporting(field: str) -> dict[str, Any]:
    """The unions that report a number."""
    return {"status__in": ("active", "dissolved"), "form__in": REPORTED_FORMS, f"{field}__isnull": False}


def _reported(code: str, name: str, field: str, word: str) -> Figure:
    return Figure(
        code=f"members.{code}",
        name=name,
        unit="人",
        kind="stock",
        basis="上报",
        definition=f"期末成立未撤销的基层工会上报的{word}之和；只有现在的上报数，以前的日期也按现在的算。",
        owner="members",
        model="organizations.Organization",
        measure=f"sum:{field}",
        predicate=_reporting(field),
        standing=("node__opened_on", "node__closed_on"),
        place="node",
        columns=(Column("工会", "node__name"), Column(word, field, "number")),
    )


def _of_reporting(code: str, word: str, field: str) -> Figure:
    """The members who are set against what is reported: those of exactly the unions that report."""
    return _stock(
        code,
        f"上报{word}人数的工会的会员人数",
        f"期末会员中，所在基层工会报了{word}人数的人，和上报{word}人数是同样那些工会；"
        "只有现在的上报情况，以前的日期也按现在的算。",
        {f"node__organization__{lookup}": value for lookup, value in _reporting(field).items()},
    )


FIGURES = (
    _stock(
        "members",
        "会员人数",
        "期末实名登记、会籍在会、转接中或保留的人，一个人只计一次，由会籍记录数出，不用工会上报的数。",
        openness="public",
        board="now",
        order=20,
    ),
    _stock("women", "女会员人数", f"期末会员中性别登记为女的人。{NOW}"),
    _stock("men", "男会员人数", f"期末会员中性别登记为男的人。{NOW}"),
    _stock("migrants", "农民工会员人数", f"期末会员中登记为农民工的人。{NOW}"),
    _stock(
        "new_employment",
        "新就业形态群体会员人数",
        f"期末会员中登记为八大群体或网约车司机的人。{NOW}",
    ),
    *(
        _stock(
            f"group_{group}",
            f"{WorkGroup(group).label}会员人数",
            f"期末会员中职业群体登记为{WorkGroup(group).label}的人。{NOW}",
        )
        for group in GROUPS
    ),
    *(
        _stock(
            f"nature_{code}",
            f"{label}会员人数",
            f"期末会员中工作单位的单位性质为{label}的人；没有登记工作单位或单位性质的不计。{NOW}",
        )
        for code, (label, _) in NATURE_GROUPS.items()
    ),
    _stock(
        "retained",
        "保留会籍人数",
        "期末会员中保留会籍的人（退休、失业等，不交会费），按那一天的会籍算。",
    ),
    _flow(
        "joined",
        "新入会人数",
        "期内入会的人，按批准入会的日期计；从别的工会转入的、恢复在会的不计。",
        {"entry": str(Entry.JOINED)},
        "counts_on",
        openness="public",
        board="trend",
        order=20,
    ),
    _flow(
        "left",
        "退会人数",
        "期内办理退会的人，按会籍结束的日期计；转出、去世和除名的不计。",
        {"status": str(Status.WITHDRAWN)},
        "left_on",
    ),
    _flow(
        "moved_in",
        "转入人数",
        "期内从别的工会转入的人，按接收的日期计；同一个地方的工会之间转接的也计。",
        {"entry": str(Entry.TRANSFERRED)},
        "counts_on",
    ),
    _flow(
        "moved_out",
        "转出人数",
        "期内转到别的工会的人，按转入工会接收的日期计；同一个地方的工会之间转接的也计。",
        {"status": str(Status.LEFT)},
        "left_on",
    ),
    _flow(
        "newly_retained",
        "转为保留会籍人数",
        "期内转为保留会籍的人，按办理的日期计。",
        {"entry": str(Entry.RETAINED)},
        "counts_on",
    ),
    _flow(
        "expelled",
        "除名人数",
        "期内除名的人，按上一级工会备案的日期计。",
        {"status": str(Status.EXPELLED)},
        "left_on",
    ),
    _flow(
        "deceased",
        "去世注销人数",
        "期内因去世注销会籍的人，按登记的日期计。",
        {"status": str(Status.DECEASED)},
        "left_on",
    ),
    _reported("reported", "上报会员人数", "members_count", "上报会员人数"),
    _reported("workers", "上报职工人数", "workers_count", "上报职工人数"),
    _of_reporting("of_reported", "会员", "members_count"),
    _of_reporting("of_workers", "职工", "workers_count"),
    Figure(
        code="members.real_name_rate",
        name="会员实名率",
        unit="%",
        kind="ratio",
        basis="上报",
        definition=(
            "报了会员人数的基层工会里，实名登记的会员占上报会员人数的百分比；没有报数的工会，分子分母都不计。"
            "上报数没有历史，按现在的算。"
        ),
        owner="members",
        measure="over:members.of_reported/members.reported",
        beyond="登记的会员比上报的多，所以超过百分之百：多半是上报数旧了，或者有人离开了还没有注销。请核对后更新上报数。",
    ),
    Figure(
        code="members.joining_rate",
        name="职工入会率",
        unit="%",
        kind="ratio",
        basis="上报",
        definition=(
            "报了职工人数的基层工会里，实名登记的会员占上报职工人数的百分比；没有报数的工会，分子分母都不计。"
            "上报数没有历史，按现在的算。"
        ),
        owner="members",
        measure="over:members.of_workers/members.workers",
        beyond="登记的会员比上报的职工多，所以超过百分之百：多半是职工人数旧了，或者离职的、退休保留会籍的人也算在会员里。请核对后更新职工人数。",
    ),
)

from typing import Any

from django.db.models.signals import post_migrate, pre_migrate

from unionhome.core.registry import Card, Nav, Panel, Permission, Policy, Room, Schedule


class MembersRoom(Room):
    name = "unionhome.core.members"
    label = "members"
    verbose_name = "会员"
    default = True
    card = Card(
        title="会员",
        icon="users",
        doors=("desk", "my", "api"),
        nav=(
            Nav("会员", "members:list", "users", permission="members.view", order=40, group=2),
            Nav("会员码", "members:card", "qrcode", door="my", order=20),
            Nav(
                "入会",
                "members:join",
                "user-plus",
                door="my",
                order=80,
                shown_to="unionhome.core.members.queries.is_outsider",
            ),
            Nav(
                "我的会籍",
                "members:join",
                "id",
                door="my",
                order=80,
                shown_to="unionhome.core.members.queries.is_member",
            ),
        ),
        permissions=(
            Permission("members.view", "查看会员资料（遮住证件和电话）"),
            Permission("members.unmask", "查看完整的证件和电话", strong=True),
            Permission("members.approve", "同意入会"),
            Permission("members.return_to_worker", "退回入会申请，请本人补正"),
            Permission("members.forward", "把入会申请转给别的工会"),
            Permission("members.decline", "不同意入会，或不采纳更正"),
            Permission("members.accept", "采纳本人的更正"),
            Permission("members.confirm", "办理退会"),
            Permission("members.correct", "更正会员资料"),
            Permission("members.enrol", "批量登记会员"),
            Permission("members.import", "导入会员名册"),
            Permission("members.merge", "核对、合并重复档案"),
            Permission("members.propose", "请别的工会转来会员"),
            Permission("members.release", "同意会员转出"),
            Permission("members.hold", "不同意会员转出"),
            Permission("members.receive", "接收转来的会员"),
            Permission("members.refuse", "不接收转来的会员"),
            Permission("members.retain", "保留会籍、恢复在会"),
            Permission("members.record_death", "登记去世，注销会籍"),
            Permission("members.expel", "办理除名"),
            Permission("members.file", "给下级的除名备案或退回", in_person=True),
        ),
        roles={
            "cadre": (
                "members.view",
                "members.unmask",
                "members.approve",
                "members.return_to_worker",
                "members.forward",
                "members.decline",
                "members.accept",
                "members.confirm",
                "members.correct",
                "members.enrol",
                "members.import",
                "members.merge",
                "members.propose",
                "members.release",
                "members.hold",
                "members.receive",
                "members.refuse",
                "members.retain",
                "members.record_death",
                "members.expel",
                "members.file",
            ),
            "chair": ("members.view",),
        },
        policies=(
            Policy(
                "members.answer_days",
                "入会、转接、退会、更正申请的答复期限",
                3,
                "个工作日",
                "基层做法：入会申请三个工作日内答复",
            ),
            Policy(
                "members.transfer_shown_days",
                "没有转成的会籍转接，转入工会还能看多久",
                30,
                "天",
                "个人信息保护法第十九条：保存期限应当为实现处理目的所必要的最短时间",
            ),
            Policy(
                "members.recruit_first_count",
                "一家单位多少人申请入会，就提示建工会",
                25,
                "人",
                "工会法第十一条：会员二十五人以上的应当建立基层工会委员会；提示的人数由本级工会定",
            ),
            Policy(
                "members.roster_days",
                "上传的名册保存多久",
                30,
                "天",
                "个人信息保护法第十九条：保存期限应当为实现处理目的所必要的最短时间",
            ),
            Policy(
                "members.roster_told",
                "一个账号一天里最多得知多少人已在其他工会入会",
                1000,
                "人",
                "个人信息保护要求，按名册大小确定",
            ),
            Policy(
                "members.retirement_man",
                "男职工原法定退休年龄",
                60,
                "周岁",
                "国务院关于渐进式延迟法定退休年龄的办法；2025年1月起逐步延迟到63周岁",
            ),
            Policy(
                "members.retirement_woman",
                "女职工原法定退休年龄",
                55,
                "周岁",
                "国务院关于渐进式延迟法定退休年龄的办法；原55周岁的逐步延迟到58周岁，原50周岁的延迟到55周岁",
            ),
        ),
        schedules=(
            Schedule("members.counts", "unionhome.core.members.jobs.count_members", 15, "重数有变动的工会的会员"),
            Schedule("members.duplicates", "unionhome.core.members.jobs.find_duplicates", 86_400, "查找重复档案"),
            Schedule("members.rosters", "unionhome.core.members.jobs.erase_rosters", 86_400, "删除期满的名册"),
            Schedule(
                "members.transfers", "unionhome.core.members.jobs.raise_transfers", 3_600, "过期没答复的转接提醒上级"
            ),
        ),
        panels=(
            Panel(
                "home.inbox",
                "unionhome.core.members.views.recruited_employers",
                permission="members.view",
                order=10,
            ),
            Panel("home.matters", "unionhome.core.members.views.panels.own_application"),
            Panel("home.matters", "unionhome.core.members.views.panels.own_transfer"),
            Panel(
                "members.member",
                "unionhome.core.members.views.panels.marks_of_member",
                permission="members.view",
                order=5,
            ),
            Panel("home.my_head", "unionhome.core.members.views.panels.head_of_home", order=10),
            Panel(
                "organizations.organization",
                "unionhome.core.members.views.panel_of_union",
                permission="members.view",
                order=20,
            ),
        ),
        journal_words={
            "name": "姓名",
            "document": "证件号码",
            "phone": "手机号码",
            "birth_on": "出生日期",
            "sex": "性别",
            "ethnicity": "民族",
            "group": "职业群体",
            "employment_state": "就业状态",
            "employment_form": "用工形式",
            "is_migrant": "农民工",
            "skill_level": "技能等级",
            "education": "学历",
            "political": "政治面貌",
            "household_kind": "户籍",
            "address": "住址",
            "entry": "入会方式",
            "merge": "合并记录",
            "same": "两边一样（行）",
            "taken": "采用了另一份的",
            "new": "新入会（人）",
            "changed": "资料有变（人）",
            "members": "会员（人）",
            "moved_here": "转入（人）",
            "moved_out": "转出（人）",
            "count": "人数",
            "parts": "看了什么",
            "purpose": "用途",
            "status": "会籍状态",
            "text": "补充说明",
            "version": "版本",
        },
        journal_objects={
            "members.person": "会员档案",
            "members.application": "入会申请",
            "members.leaving": "退会申请",
            "members.correction": "更正申请",
            "members.membership": "会籍",
            "members.consent": "同意书",
            "members.rosterimport": "名册",
            "members.nationalimport": "全国系统导出表",
            "members.transfer": "会籍转接",
            "members.expulsion": "除名",
        },
    )

    def ready(self) -> None:
        pre_migrate.connect(_stop_marking, sender=self)
        post_migrate.connect(_mark, sender=self)


def _stop_marking(plan: Any = (), **_: Any) -> None:
    """Tables are altered without what marks them."""
    from unionhome.core.members.actions import drop_marks  # inline: app-registry

    if plan:
        drop_marks()


def _mark(**_: Any) -> None:
    """What marks unions lies in the database once its tables do."""
    from unionhome.core.members.actions import lay_marks  # inline: app-registry

    lay_marks()

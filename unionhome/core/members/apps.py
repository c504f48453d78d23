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
            ),
            "chair": ("members.view",),
        },
        policies=(
            Policy(
                "members.answer_days",
                "入会、退会、更正申请的答复期限",
                3,
                "个工作日",
                "基层做法：入会申请三个工作日内答复",
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
        ),
        schedules=(Schedule("members.rosters", "unionhome.core.members.jobs.erase_rosters", 86_400),),
        panels=(
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
            "parts": "看了什么",
            "purpose": "用途",
            "status": "会籍状态",
            "text": "补充说明",
            "version": "版本",
        },
    )

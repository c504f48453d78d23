from unionhome.core.registry import Card, Nav, Panel, Permission, Policy, Room, Schedule


class HelpdeskService(Room):
    name = "unionhome.services.helpdesk"
    label = "helpdesk"
    verbose_name = "诉求"
    default = True
    card = Card(
        title="诉求",
        icon="lifebuoy",
        doors=("open", "my", "desk"),
        nav=(
            Nav("我有困难", "helpdesk:ask", "lifebuoy", door="my", order=1, is_main=True),
            Nav("登记事项", "helpdesk:register", "plus", permission="helpdesk.register", is_main=True),
            Nav("12351 工单", "helpdesk:orders", "phone-incoming", permission="helpdesk.hotline", order=21),
            Nav("宣传卡", "helpdesk:share", "qrcode", permission="helpdesk.register"),
        ),
        panels=(Panel("home.my", "unionhome.services.helpdesk.views.helped.helped_panel", order=30),),
        schedules=(
            Schedule(
                "helpdesk.sheets",
                "unionhome.services.helpdesk.jobs.erase_sheets",
                86_400,
                "删除期满的 12351 工单表",
            ),
        ),
        permissions=(
            Permission("helpdesk.register", "代职工登记诉求"),
            Permission("helpdesk.hotline", "登记 12351 工单、导出办理结果"),
        ),
        roles={
            "cadre": ("helpdesk.register", "helpdesk.hotline"),
            "chair": ("helpdesk.register", "helpdesk.hotline"),
        },
        policies=(
            Policy("helpdesk.helped_per_day", "同一个人一天最多帮办诉求", 30, "件", "防止冒名代办（示例）"),
            Policy(
                "helpdesk.sheet_days",
                "上传的 12351 工单表保存多久",
                30,
                "天",
                "个人信息保护法第十九条：保存期限应当为实现处理目的所必要的最短时间",
            ),
        ),
        journal_words={"order": "12351 工单编号", "is_member": "是会员"},
        journal_objects={"helpdesk.hotlinesheet": "12351 工单表"},
    )

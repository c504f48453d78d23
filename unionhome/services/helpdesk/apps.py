from unionhome.core.registry import Card, Nav, Permission, Room


class HelpdeskService(Room):
    name = "unionhome.services.helpdesk"
    label = "helpdesk"
    verbose_name = "诉求"
    default = True
    card = Card(
        title="诉求",
        icon="lifebuoy",
        doors=("open", "desk"),
        nav=(
            Nav("我有困难", "helpdesk:ask", "lifebuoy", door="my", order=1, is_main=True),
            Nav("登记事项", "helpdesk:register", "plus", permission="helpdesk.register", is_main=True),
            Nav("宣传卡", "helpdesk:share", "qrcode", permission="helpdesk.register"),
        ),
        permissions=(Permission("helpdesk.register", "代职工登记诉求"),),
        roles={"cadre": ("helpdesk.register",), "chair": ("helpdesk.register",)},
    )

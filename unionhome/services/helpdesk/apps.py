from unionhome.core.registry import Card, Nav, Panel, Permission, Room, Schedule


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
            Nav("我有困难", "helpdesk:ask", "lifebuoy", door="my", order=1),
            Nav("我的事项", "helpdesk:mine", "list", door="my", order=5),
        ),
        permissions=(Permission("helpdesk.register", "代职工登记诉求"),),
        roles={"cadre": ("helpdesk.register",), "chair": ("helpdesk.register",)},
        panels=(Panel("home.my", "unionhome.services.helpdesk.views.own_panel", order=10),),
        schedules=(
            Schedule(
                "helpdesk.close_unrated",
                "unionhome.services.helpdesk.jobs.close_unrated",
                600,
                "到期没有评价的诉求自动办结",
            ),
        ),
    )

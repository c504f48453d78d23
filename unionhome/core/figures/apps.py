from unionhome.core.registry import Card, Nav, Permission, Room


class FiguresRoom(Room):
    name = "unionhome.core.figures"
    label = "figures"
    verbose_name = "报表"
    default = True
    card = Card(
        title="报表",
        icon="chart-bar",
        doors=("desk", "api"),
        nav=(Nav("报表", "figures:board", "chart-bar", permission="figures.view", order=100, group=2),),
        permissions=(Permission("figures.view", "查看报表和组成每个数的行"),),
        roles={
            "cadre": ("figures.view",),
            "chair": ("figures.view",),
            "finance": ("figures.view",),
            "auditor": ("figures.view",),
        },
        journal_words={
            "period": "期间",
            "value": "数值",
            "code": "指标",
        },
    )

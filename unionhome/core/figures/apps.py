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
        permissions=(
            Permission("figures.view", "查看报表和组成每个数的行"),
            Permission("figures.write", "写综述，登记来自文件的数"),
        ),
        roles={
            "cadre": ("figures.view", "figures.write"),
            "chair": ("figures.view", "figures.write"),
            "finance": ("figures.view",),
            "auditor": ("figures.view",),
        },
        journal_words={
            "period": "期间",
            "value": "数值",
            "code": "指标",
            "revision": "第几次改动",
            "format": "格式",
            "document": "文件",
            "signed_by": "签字人",
        },
        journal_objects={"figures.review": "综述", "figures.outsidenumber": "来自文件的数"},
    )

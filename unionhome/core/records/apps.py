from unionhome.core.registry import Card, Nav, Panel, Permission, Room, Schedule


class RecordsRoom(Room):
    name = "unionhome.core.records"
    label = "records"
    verbose_name = "服务台账"
    default = True
    card = Card(
        title="服务台账",
        icon="notebook",
        doors=("desk", "my"),
        nav=(
            Nav(
                "服务台账",
                "records:list",
                "notebook",
                permission="records.view",
                order=820,
                group=2,
            ),
        ),
        permissions=(Permission("records.view", "查看服务台账"),),
        roles={
            "cadre": ("records.view",),
            "chair": ("records.view",),
            "finance": ("records.view",),
            "auditor": ("records.view",),
        },
        panels=(
            Panel(
                "members.member",
                "unionhome.core.records.views.member_panel",
                permission="records.view",
                order=20,
            ),
            Panel("members.mine", "unionhome.core.records.views.mine_panel", order=20),
            Panel("members.export", "unionhome.core.records.queries.get_own_export", order=20),
        ),
        schedules=(Schedule("records.fold", "unionhome.core.records.jobs.fold_records", 15, "把新服务记录计入合计"),),
        journal_words={
            "amount_fen": "金额",
            "head_count": "人次",
            "kept": "因封账没有动",
            "service": "服务",
        },
        journal_objects={"records.servicerecord": "服务记录"},
    )

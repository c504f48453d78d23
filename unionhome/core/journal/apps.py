from unionhome.core.registry import Card, Nav, Permission, Room, Schedule


class JournalRoom(Room):
    name = "unionhome.core.journal"
    label = "journal"
    verbose_name = "操作日志"
    default = True
    card = Card(
        title="操作日志",
        icon="history",
        doors=("desk",),
        nav=(
            Nav(
                "操作日志",
                "access:journal",
                "history",
                permission="journal.view",
                order=910,
                group=3,
                is_home=True,
            ),
        ),
        permissions=(Permission("journal.view", "查看操作日志"),),
        roles={"auditadmin": ("journal.view",)},
        schedules=(
            Schedule("journal.seal", "unionhome.core.journal.jobs.seal_entries", 30, "把新日志封进日志链"),
            Schedule("journal.deliver", "unionhome.core.journal.jobs.deliver_entries", 2, "把业务事件送到各业务"),
            Schedule("journal.check", "unionhome.core.journal.jobs.check_chains", 60, "核对日志链"),
        ),
        journal_words={
            "count": "数量",
            "reason": "原因",
            "old": "原来",
            "new": "改为",
            "on": "日期",
            "starts_on": "开始日期",
            "ends_on": "结束日期",
            "sha256": "内容摘要",
            "source": "依据",
            "year": "年份",
            "rows": "行数",
            "code": "编码",
            "state": "状态",
            "from": "原来",
            "to": "改为",
            "node": "工会",
            "post": "职务",
        },
        journal_objects={"journal.chaincheck": "日志链核对"},
    )

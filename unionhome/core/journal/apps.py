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
            ),
        ),
        permissions=(Permission("journal.view", "查看操作日志"),),
        roles={"auditadmin": ("journal.view",)},
        schedules=(
            Schedule("journal.seal", "unionhome.core.journal.jobs.seal_entries", 30),
            Schedule("journal.deliver", "unionhome.core.journal.jobs.deliver_entries", 2),
            Schedule("journal.check", "unionhome.core.journal.jobs.check_chains", 60),
        ),
    )

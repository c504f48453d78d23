from unionhome.core.registry import Card, Nav, Permission, Room, Schedule


class JobsRoom(Room):
    name = "unionhome.core.jobs"
    label = "jobs"
    verbose_name = "后台任务"
    default = True
    card = Card(
        title="后台任务",
        icon="clock-play",
        doors=("desk",),
        nav=(Nav("后台任务", "jobs:list", "clock-play", permission="jobs.manage", order=920, group=3),),
        permissions=(Permission("jobs.manage", "查看和重办后台任务"),),
        roles={"sysadmin": ("jobs.manage",)},
        schedules=(Schedule("jobs.tidy", "unionhome.core.jobs.jobs.tidy", 3600, "清理早已办完的任务"),),
        journal_words={
            "task": "任务",
        },
        journal_objects={"jobs.job": "后台任务"},
    )

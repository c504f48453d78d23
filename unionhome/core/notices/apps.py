from unionhome.core.registry import Card, Nav, NoticeKind, Permission, Policy, Room, Schedule

_SOURCE = "短信费用和不扰民的约定（示例）"


class NoticesRoom(Room):
    name = "unionhome.core.notices"
    label = "notices"
    verbose_name = "消息"
    default = True
    card = Card(
        title="消息",
        icon="message-2",
        doors=("my", "desk"),
        nav=(Nav("消息发送", "notices:sent", "send", permission="notices.manage", order=925, group=3),),
        permissions=(Permission("notices.manage", "查看和重发消息"),),
        roles={"sysadmin": ("notices.manage",)},
        policies=(
            Policy(
                "notices.quiet_hours",
                "不发短信和邮件的时段",
                [["00:00", "08:00"], ["22:00", "24:00"]],
                "每天",
                _SOURCE,
            ),
            Policy("notices.most_tries", "一条消息最多试发", 6, "次", _SOURCE),
            Policy("notices.sms_per_day", "一个号码一天最多收", 10, "条短信", _SOURCE),
            Policy("notices.keep_days", "消息保存", 365, "天", _SOURCE),
        ),
        notices=(NoticeKind("notices.absence", "谁不在、谁来代"),),
        schedules=(
            Schedule("notices.send", "unionhome.core.notices.jobs.send", 2, "发出到时候的短信和邮件"),
            Schedule("notices.tidy", "unionhome.core.notices.jobs.tidy", 3600, "清理过了保存期的消息"),
        ),
        journal_words={"channel": "怎么发", "notice": "消息"},
        journal_objects={"notices.notice": "消息"},
    )

from unionhome.core.registry import Card, Nav, NoticeKind, Panel, Permission, Policy, Room, Schedule

HANDLING = (
    "cases.view",
    "cases.handle",
    "cases.refer",
    "cases.unmask",
    "cases.escalate",
    "cases.templates",
    "cases.check",
)


class CasesRoom(Room):
    name = "unionhome.core.cases"
    label = "cases"
    verbose_name = "诉求"
    default = True
    card = Card(
        title="诉求",
        icon="message-report",
        doors=("open", "my", "desk"),
        nav=(
            Nav("诉求", "cases:list", "message-report", permission="cases.view", order=20, group=1),
            Nav("我的事项", "cases:mine", "list", door="my", order=5),
        ),
        panels=(
            Panel("home.my", "unionhome.core.cases.views.mine.own_panel", order=10),
            Panel("cases.case", "unionhome.core.cases.views.mass.mass_panel", order=5),
        ),
        schedules=(
            Schedule(
                "cases.close_unrated", "unionhome.core.cases.jobs.close_unrated", 600, "到期没有评价的事项自动办结"
            ),
            Schedule("cases.escalate_late", "unionhome.core.cases.jobs.escalate_late", 60, "超时没人办的事项升级"),
            Schedule("cases.ring_mass", "unionhome.core.cases.jobs.ring_mass", 60, "没有人接的群体性事项再叫一次"),
        ),
        permissions=(
            Permission("cases.view", "查看诉求"),
            Permission("cases.handle", "办理诉求", is_duty=True),
            Permission("cases.refer", "转办诉求"),
            Permission("cases.unmask", "查看当事人电话", strong=True),
            Permission("cases.escalate", "设定超时升级的规则"),
            Permission("cases.templates", "写常用答复"),
            Permission("cases.difficulty", "定诉求的难度，改办结时限"),
            Permission("cases.check", "抽查办好的诉求"),
            Permission("cases.sealed_read", "看密封的内部记录"),
            Permission("cases.unseal", "有急事时打开密封的内部记录", strong=True),
            Permission("cases.mass", "接手群体性事项"),
            Permission("cases.receive", "从别的系统转来诉求和隐患"),
        ),
        roles={
            "cadre": (*HANDLING, "cases.mass", "cases.receive", "cases.unseal"),
            "chair": (
                *HANDLING,
                "cases.difficulty",
                "cases.mass",
                "cases.receive",
                "cases.sealed_read",
                "cases.unseal",
            ),
            "lawyer": ("cases.view", "cases.handle"),
        },
        policies=(
            Policy("cases.arrive_minutes", "首次到场时限", 120, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.help_minutes", "首次帮扶时限", 240, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.measure_minutes", "首次措施时限", 360, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.dispatch_minutes", "派单时限", 30, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.accept_days", "受理时限", 1, "个工作日", "三个第一服务承诺（示例）"),
            Policy("cases.ordinary_days", "一般诉求的办结时限", 5, "个工作日", "12351 三类工单各有时限的做法（示例）"),
            Policy(
                "cases.difficult_days", "疑难诉求的办结时限", 15, "个工作日", "12351 三类工单各有时限的做法（示例）"
            ),
            Policy(
                "cases.complex_days", "特别复杂诉求的办结时限", 30, "个工作日", "12351 三类工单各有时限的做法（示例）"
            ),
            Policy("cases.urgent_help_minutes", "紧急事项首次帮扶时限", 720, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.urgent_measure_minutes", "紧急事项首次措施时限", 1440, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.near_share", "临近时限的提醒比例", 75, "％", "三个第一服务承诺（示例）"),
            Policy("cases.flood_per_hour", "同一电话每小时可提交诉求", 5, "件", "防止重复提交（示例）"),
            Policy("cases.like_days", "多少天以内提出的算同类诉求", 60, "天", "并办同类诉求（示例）"),
            Policy("cases.referral_minutes", "转办等接收的时限", 120, "分钟", "三个第一服务承诺（示例）"),
            Policy("cases.handover_days", "移交外单位后等回音的天数", 15, "天", "参照信访工作条例第三十二条（示例）"),
            Policy("cases.sms_beside_account", "有账号的职工也发短信", False, "是或否", "短信费用的约定（示例）"),
            Policy("cases.duty_mail", "紧急和升级的事项抄送值班邮箱", "无", "邮箱", "值班的约定（示例）"),
            Policy("cases.mass_people", "多少人算群体性", 10, "人", "参照劳动争议调解仲裁法第七条（示例）"),
            Policy("cases.mass_cases", "几个人提同样的诉求算群体性", 5, "人", "群体性事项报告的约定（示例）"),
            Policy("cases.mass_days", "几天以内提出的一起算", 7, "天", "群体性事项报告的约定（示例）"),
            Policy("cases.mass_minutes", "群体性事项到现场的时限", 120, "分钟", "群体性事项报告的约定（示例）"),
            Policy("cases.ring_minutes", "群体性事项没有人接，隔多久再叫", 10, "分钟", "值班的约定（示例）"),
            Policy("cases.rating_days", "办结后等待评价的天数", 7, "天", "三个第一服务承诺（示例）"),
            Policy("cases.check_share", "办结前抽查的比例", 5, "％", "12351 工单先质检后办结的做法（示例）"),
            Policy("cases.check_days", "抽查最多等几天", 3, "天", "12351 工单先质检后办结的做法（示例）"),
            Policy("cases.appeal_days", "办结后可以申诉的天数", 30, "天", "参照信访工作条例第三十五条（示例）"),
        ),
        notices=(
            NoticeKind("cases.received", "工会收到了"),
            NoticeKind("cases.arrived", "工会联系您了"),
            NoticeKind("cases.replied", "工会有答复"),
            NoticeKind("cases.asked", "等您补充", wants_answer=True),
            NoticeKind("cases.passed_on", "转到别的工会"),
            NoticeKind("cases.climbed", "超时升级"),
            NoticeKind("cases.proposed", "请您评价", wants_answer=True),
            NoticeKind("cases.closed", "已办结"),
            NoticeKind("cases.ended", "有结果了"),
            NoticeKind("cases.urgent", "紧急事项", is_urgent=True),
            NoticeKind("cases.raised", "下级事项升级", is_urgent=True),
            NoticeKind("cases.mass", "群体性事项", is_urgent=True),
            NoticeKind("cases.mass_reported", "下级报告群体性事项", is_urgent=True),
            NoticeKind("cases.mass_named", "请您一起处置", is_urgent=True),
            NoticeKind("cases.appealed", "职工申诉"),
            NoticeKind("cases.drawn", "质量抽查"),
            NoticeKind("cases.unsealed", "密封的记录被打开"),
        ),
        journal_words={
            "case": "事项编号",
            "first": "第一次",
            "handler": "经办人",
            "stand_in": "备岗人",
            "clock": "哪一个时限",
            "cases": "件数",
            "raised": "会升级的件数",
            "point": "清单里的哪一项",
            "appeal": "申诉的编号",
            "authority": "移交给",
            "paper_number": "文号",
            "answer_due_on": "等回音到",
            "named": "告诉了对方是谁",
            "answer": "回音",
            "category_before": "原来的类别",
            "category": "类别",
            "difficulty": "难度",
            "note": "打开的是第几号记录",
        },
        journal_objects={
            "cases.case": "诉求",
            "cases.massmatter": "群体性事项",
            "cases.escalationrule": "升级规则",
            "cases.replytemplate": "常用答复",
        },
    )

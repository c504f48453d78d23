from unionhome.core.registry import Card, Nav, NoticeKind, Panel, Permission, Policy, Room, Schedule

_SOURCE = "“我为群众办实事”清单办法（示例）"
HANDLING = ("deeds.view", "deeds.handle", "deeds.list", "deeds.check", "deeds.publish")


class DeedsService(Room):
    name = "unionhome.services.deeds"
    label = "deeds"
    verbose_name = "办实事"
    default = True
    card = Card(
        title="办实事",
        icon="checks",
        doors=("open", "my", "desk", "api"),
        nav=(
            Nav("办实事", "deeds:list", "checks", permission="deeds.view", order=22, group=1),
            Nav("办实事", "deeds:mine", "checks", door="my", order=7),
            Nav("办实事", "deeds:public", "checks", door="open", order=110),
        ),
        panels=(
            Panel("cases.case", "unionhome.services.deeds.screens.case_panel", permission="deeds.view", order=60),
            Panel("cases.own", "unionhome.services.deeds.screens.own_panel"),
        ),
        notices=(
            NoticeKind("deeds.taken", "列入的实事有工会认领"),
            NoticeKind("deeds.done", "列入的实事报办成了"),
            NoticeKind("deeds.struck", "列入的实事办成了，请评价", wants_answer=True),
        ),
        schedules=(
            Schedule("deeds.close_ratings", "unionhome.services.deeds.jobs.close_ratings", 600, "实事评价到期，请公布"),
        ),
        permissions=(
            Permission("deeds.view", "查看办实事清单"),
            Permission("deeds.handle", "提出和办理实事"),
            Permission("deeds.list", "把实事列入清单"),
            Permission("deeds.check", "核验实事、销号", in_person=True),
            Permission("deeds.publish", "公布实事的结果", in_person=True),
        ),
        roles={"cadre": HANDLING, "chair": HANDLING, "finance": ("deeds.view",), "auditor": ("deeds.view",)},
        policies=(
            Policy("deeds.take_days", "列入清单后几天以内认领", 7, "天", _SOURCE),
            Policy("deeds.check_days", "办成后几天以内核验", 7, "天", _SOURCE),
            Policy("deeds.strike_days", "核验后几天以内销号", 3, "天", _SOURCE),
            Policy("deeds.rating_days", "销号后请职工评价的天数", 15, "天", _SOURCE),
            Policy("deeds.publish_days", "评价完几天以内公布", 7, "天", _SOURCE),
        ),
        journal_words={
            "deed": "实事编号",
            "case": "诉求编号",
            "year": "哪一年的清单",
            "list_of": "哪一级工会的清单",
            "union": "由哪个工会办",
            "due_on": "答应办成的日子",
            "people": "受益人数",
            "cost_fen": "花了多少钱（分）",
            "files": "凭证份数",
            "pictures": "照片公开",
        },
        journal_objects={"deeds.deed": "实事"},
    )

from unionhome.core.registry import Card, Nav, Permission, Policy, PublicList, Room

_SOURCE = "工会帮扶、评选名单公示的通行做法（5个工作日）"
HANDLING = (
    "publicity.view",
    "publicity.draft",
    "publicity.post",
    "publicity.answer",
    "publicity.withdraw",
    "publicity.whole",
)


class PublicityRoom(Room):
    name = "unionhome.core.publicity"
    label = "publicity"
    verbose_name = "公示"
    default = True
    card = Card(
        title="公示",
        icon="speakerphone",
        doors=("desk", "open"),
        nav=(
            Nav("公示", "publicity:list", "speakerphone", permission="publicity.view", order=62, group=2),
            Nav("公示", "publicity:open_list", "speakerphone", door="open", order=120),
        ),
        permissions=(
            Permission("publicity.view", "查看公示"),
            Permission("publicity.draft", "拟公示"),
            Permission("publicity.post", "张贴公示、期满归档"),
            Permission("publicity.answer", "答复公示异议", in_person=True),
            Permission("publicity.withdraw", "撤回公示"),
            Permission("publicity.whole", "看公示的全名单", strong=True),
        ),
        roles={
            "cadre": HANDLING,
            "chair": ("publicity.view", "publicity.answer"),
            "finance": ("publicity.view",),
            "auditor": ("publicity.view", "publicity.whole"),
        },
        policies=(
            Policy("publicity.days", "名单公示几个工作日", 5, "个工作日", _SOURCE),
            Policy("publicity.photo_days", "贴出以后几天以内交照片，晚了从交照片那天起算", 1, "天", _SOURCE),
            Policy("publicity.answer_days", "公示异议几个工作日以内答复", 5, "个工作日", _SOURCE),
            Policy("publicity.masks_names", "公示名单隐去名字中间的字", True, "是或否", "个人信息保护法 第六条"),
        ),
        public_lists=(
            PublicList(
                "publicity.honours",
                "荣誉表彰",
                ("name", "team", "union", "place", "post", "honour", "rank"),
                place="online",
                is_open=True,
            ),
            PublicList("publicity.relief", "帮扶慰问", ("name", "union", "place", "category", "amount", "count")),
            PublicList(
                "publicity.others",
                "其他名单",
                ("name", "team", "union", "place", "post", "category", "rank", "count", "amount"),
            ),
        ),
        journal_words={
            "rows": "名单行数",
            "days": "公示几个工作日",
            "place": "贴在哪里",
            "posted_on": "哪天贴的",
            "ends_on": "公示到哪天",
            "photos": "照片张数",
            "objection": "第几份异议",
            "way": "怎么提的",
            "is_named": "实名",
            "is_upheld": "异议成立",
        },
        journal_objects={"publicity.notice": "公示", "publicity.objection": "公示异议"},
    )

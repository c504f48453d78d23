from unionhome.core.registry import Card, Nav, Permission, Policy, Room


class OrganizationsRoom(Room):
    name = "unionhome.core.organizations"
    label = "organizations"
    verbose_name = "工会组织"
    default = True
    card = Card(
        title="组织",
        icon="hierarchy-2",
        doors=("desk", "open", "api"),
        nav=(
            Nav(
                "组织",
                "organizations:tree",
                "hierarchy-2",
                permission="organizations.view",
                order=30,
                group=2,
            ),
            Nav("找工会", "organizations:finder", "building-community", door="open", order=200),
        ),
        permissions=(
            Permission("organizations.view", "查看工会组织"),
            Permission("organizations.manage", "建立和变更工会组织"),
        ),
        policies=(
            Policy(
                "organizations.term_warning_days",
                "换届提前提醒",
                180,
                "天",
                "《工会基层组织选举工作条例》要求任期届满按期换届；提前多少天提醒由本级工会定",
            ),
        ),
        roles={
            "cadre": ("organizations.view", "organizations.manage"),
            "chair": ("organizations.view",),
            "finance": ("organizations.view",),
            "auditor": ("organizations.view",),
        },
        journal_words={
            "address": "办公地址",
            "approval_no": "批准文号",
            "approved_by": "批准单位",
            "founded_on": "建会日期",
            "members_count": "会员（上报）",
            "phone": "办公电话",
            "short_name": "简称",
            "term_ends_on": "本届止",
            "term_no": "届次",
            "term_starts_on": "本届起",
            "term_years": "任期",
            "women_count": "女职工人数",
            "workers_count": "职工人数",
            "city": "市",
            "committee": "委员会",
            "deepest": "建到哪一级",
            "division": "行政区划",
            "employer": "单位",
            "form": "工会类型",
            "root": "从哪里起",
            "uscc": "统一社会信用代码",
        },
        journal_objects={
            "organizations.organization": "工会",
            "organizations.employer": "单位",
            "organizations.officer": "任职",
        },
    )

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
    )

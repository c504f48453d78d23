from unionhome.core.registry import Card, Nav, Permission, Room, Schedule


class AccessRoom(Room):
    name = "unionhome.core.access"
    label = "access"
    verbose_name = "账号与权限"
    default = True
    card = Card(
        title="账号与权限",
        icon="shield-lock",
        doors=("desk", "my", "open"),
        nav=(
            Nav(
                "账号",
                "access:users",
                "user-circle",
                permission="access.manage_users",
                order=900,
                group=3,
                is_home=True,
            ),
            Nav(
                "授权",
                "access:grants",
                "key",
                permission="access.grant",
                order=905,
                group=3,
                is_home=True,
            ),
        ),
        permissions=(
            Permission("access.manage_users", "管理账号", strong=True),
            Permission("access.grant", "授予和收回岗位权限", strong=True),
            Permission("access.absences", "替同事写明不在的日子"),
        ),
        roles={"chair": ("access.absences",), "sysadmin": ("access.manage_users",), "secadmin": ("access.grant",)},
        schedules=(Schedule("access.tidy", "unionhome.core.access.jobs.tidy", 3600, "清理用过的验证码和过期的登录"),),
        journal_words={
            "role": "岗位",
            "days": "有效天数",
            "device": "设备",
            "permissions": "权限",
            "stand_in": "谁来代",
        },
        journal_objects={"access.user": "账号", "access.absence": "不在的日子"},
    )

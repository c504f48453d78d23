from unionhome.core.registry import Card, Nav, Permission, Room

READ = ("periods.view",)


class PeriodsRoom(Room):
    name = "unionhome.core.periods"
    label = "periods"
    verbose_name = "封账"
    default = True
    card = Card(
        title="封账",
        icon="lock",
        doors=("desk",),
        nav=(Nav("封账", "periods:list", "lock", permission="periods.view", order=830, group=2),),
        permissions=(
            Permission("periods.view", "查看封账"),
            Permission("periods.close", "封账"),
            Permission("periods.reopen", "给下级重新开账"),
            Permission("periods.reopen_root", "给全市重新开账", strong=True),
        ),
        roles={
            "cadre": ("periods.view", "periods.close", "periods.reopen"),
            "chair": ("periods.view", "periods.close", "periods.reopen", "periods.reopen_root"),
            "finance": READ,
            "auditor": READ,
        },
        journal_words={"below": "一并封账的下级"},
        journal_objects={"periods.closing": "封账"},
    )

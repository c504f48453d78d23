from unionhome.core.registry import Card, Nav, Permission, Policy, Room

_SOURCE = "工会经费收支管理办法和“三重一大”决策制度（示例，按本级规定改）"
FUNDS = ["专项帮扶资金", "上级补助资金", "本级工会经费", "接受捐赠资金", "互助保障资金"]
SOURCES = ["上级工会补助", "财政补助", "社会捐赠", "单位行政补助", "拨缴经费", "会费", "其他收入"]


class LedgerRoom(Room):
    name = "unionhome.core.ledger"
    label = "ledger"
    verbose_name = "资金台账"
    default = True
    card = Card(
        title="资金台账",
        icon="wallet",
        doors=("desk", "api"),
        nav=(Nav("资金台账", "ledger:list", "wallet", permission="ledger.view", order=70, group=2),),
        permissions=(
            Permission("ledger.view", "查看资金台账"),
            Permission("ledger.receive", "登记资金收入"),
            Permission("ledger.reserve", "预留资金，取消预留"),
            Permission("ledger.pay", "登记资金支付"),
            Permission("ledger.reverse", "申请冲正一笔资金"),
            Permission("ledger.confirm", "确认冲正一笔资金", strong=True, in_person=True),
        ),
        roles={
            "cadre": ("ledger.view", "ledger.reserve"),
            "chair": ("ledger.view", "ledger.reserve", "ledger.confirm"),
            "finance": (
                "ledger.view",
                "ledger.receive",
                "ledger.reserve",
                "ledger.pay",
                "ledger.reverse",
                "ledger.confirm",
            ),
            "auditor": ("ledger.view",),
        },
        policies=(
            Policy("ledger.funds", "资金种类", FUNDS, "每种分开记账", _SOURCE),
            Policy("ledger.sources", "资金来源", SOURCES, "登记收入时选", _SOURCE),
            Policy("ledger.large_payment", "一笔达到多少要先有集体决定", 2_000_000, "分", _SOURCE),
            Policy("ledger.exempt_days", "不用集体决定的支付按多少天合计", 90, "天", _SOURCE),
            Policy("ledger.exempt_daily_payment", "日常小额开支一笔最多", 200_000, "分", _SOURCE),
            Policy("ledger.exempt_daily_period", "日常小额开支同一用途合计最多", 3_000_000, "分", _SOURCE),
            Policy("ledger.exempt_condolence_payment", "标准以内的慰问一笔最多", 200_000, "分", _SOURCE),
            Policy("ledger.exempt_condolence_period", "标准以内的慰问同一用途合计最多", 20_000_000, "分", _SOURCE),
            Policy("ledger.exempt_urgent_payment", "突发急难先行救助一笔最多", 500_000, "分", _SOURCE),
            Policy("ledger.exempt_urgent_period", "突发急难先行救助同一用途合计最多", 10_000_000, "分", _SOURCE),
        ),
        journal_words={
            "fund": "资金",
            "quantity": "数目（钱按分）",
            "unit": "单位",
            "on": "记账日期",
            "digest": "摘要",
            "count": "笔数",
            "authority": "依据的摘要",
        },
        journal_objects={
            "ledger.transfer": "资金流水",
            "ledger.batch": "成批的资金流水",
            "ledger.reversal": "冲正申请",
        },
    )

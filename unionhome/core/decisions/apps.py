from unionhome.core.registry import Authority, Card, Nav, Permission, Policy, Room

_SOURCE = "“三重一大”集体研究办法（示例）"
WORK = ("decisions.view", "decisions.prepare", "decisions.convene", "decisions.confirm")
LARGE_FEN = 5_000_000


class DecisionsRoom(Room):
    name = "unionhome.core.decisions"
    label = "decisions"
    verbose_name = "集体研究"
    default = True
    card = Card(
        title="集体研究",
        icon="gavel",
        doors=("desk",),
        nav=(Nav("集体研究", "decisions:list", "gavel", permission="decisions.view", order=58, group=2),),
        permissions=(
            Permission("decisions.view", "查看集体研究的议题和会议"),
            Permission("decisions.prepare", "准备议题，登记执行完"),
            Permission("decisions.convene", "排会议、登记研究结果、停止执行"),
            Permission("decisions.confirm", "核对纪要、确认研究结果", strong=True, in_person=True),
            Permission("decisions.opine_finance", "给议题提财务意见", in_person=True),
            Permission("decisions.opine_legal", "给议题提法律意见", in_person=True),
            Permission("decisions.opine_audit", "给议题提经审意见", in_person=True),
        ),
        roles={
            "cadre": WORK,
            "chair": WORK,
            "finance": ("decisions.view", "decisions.prepare", "decisions.opine_finance"),
            "auditor": ("decisions.view", "decisions.opine_audit"),
            "lawyer": ("decisions.view", "decisions.opine_legal"),
        },
        policies=(
            Policy("decisions.quorum", "开会至少到会多少（占应到的几分之几）", "1/2", "几分之几", _SOURCE),
            Policy("decisions.quorum_large", "研究大额资金至少到会多少", "2/3", "几分之几", _SOURCE),
            Policy("decisions.material_days", "开会前几天发材料", 3, "天", _SOURCE),
            Policy("decisions.valid_months", "决定管几个月", 12, "个月", _SOURCE),
            Policy("decisions.finance_from", "资金议题从多少钱起要财务意见", 0, "分", _SOURCE),
            Policy("decisions.legal_from", "资金议题从多少钱起要法律意见", LARGE_FEN, "分", _SOURCE),
            Policy("decisions.audit_from", "资金议题从多少钱起要经审意见", LARGE_FEN, "分", _SOURCE),
        ),
        authorities=(
            Authority("decisions.item", "集体研究决定的议题", "unionhome.core.decisions.queries.get_authority"),
        ),
        journal_words={
            "item": "议题编号",
            "items": "议题编号",
            "ceiling_fen": "资金上限（分）",
            "role": "哪一方面的意见",
            "stance": "意见",
            "lawyer": "请哪位律师",
            "files": "材料份数",
            "digests": "扫描件的校验值",
            "minutes": "纪要文号",
            "held_on": "哪天开的会",
            "present": "到会人数",
            "absent": "请假人数",
            "notified_on": "哪天发的材料",
            "outcome": "研究结果",
            "recused": "回避人数",
            "until": "有效到",
            "result": "执行情况",
        },
        journal_objects={"decisions.item": "议题", "decisions.meeting": "会议"},
    )

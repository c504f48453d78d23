from unionhome.core.registry import Card, Nav, Permission, Policy, Room, Schedule

_SOURCE = "隐患排查治理办法（示例）"
_NEAR = "隐患随手拍办法（示例）"
_OUTSIDE = "与主管部门的接口约定（示例）"


class HazardsService(Room):
    name = "unionhome.services.hazards"
    label = "hazards"
    verbose_name = "隐患随手拍"
    default = True
    card = Card(
        title="隐患随手拍",
        icon="camera",
        doors=("open", "my", "desk"),
        nav=(
            Nav("隐患随手拍", "hazards:report", "camera", door="my", order=6),
            Nav("隐患随手拍", "hazards:report", "camera", door="open", order=100),
            Nav("隐患", "hazards:list", "camera", permission="cases.view", order=21, group=1),
            Nav("移交接口", "hazards:outside", "arrows-exchange", permission="hazards.outside", order=930, group=3),
        ),
        permissions=(Permission("hazards.outside", "设定用接口移交隐患", strong=True),),
        roles={"sysadmin": ("hazards.outside",)},
        schedules=(
            Schedule("hazards.send_outgoing", "unionhome.services.hazards.jobs.send", 10, "用接口移交隐患"),
            Schedule("hazards.ask_outgoing", "unionhome.services.hazards.jobs.ask", 600, "询问移交的隐患办到哪一步"),
        ),
        policies=(
            Policy("hazards.near_metres", "多近算同一处", 50, "米", _NEAR),
            Policy("hazards.near_days", "多少天以内算同一处", 30, "天", _NEAR),
            Policy("hazards.look_bits", "照片差多少位以内算同一张", 10, "位", _NEAR),
            Policy("hazards.reach", "本市范围，依次是最南、最北、最西、最东", [34.2, 35.9, 108.8, 110.7], "度", _NEAR),
            Policy("hazards.outside_tries", "用接口移交最多试几次", 6, "次", _OUTSIDE),
            Policy("hazards.outside_ask_days", "隔几天问一次对方办到哪一步", 1, "天", _OUTSIDE),
            Policy("hazards.outside_ask_until", "移交以后问多少天", 180, "天", _OUTSIDE),
            Policy("hazards.check_days", "几天以内核实、定级", 1, "天", _NEAR),
            Policy("hazards.recheck_days", "几天以内复查", 3, "天", _SOURCE),
            Policy("hazards.general_days", "一般隐患整改天数", 7, "天", _SOURCE),
            Policy("hazards.major_days", "重大隐患整改天数", 30, "天", _SOURCE),
            Policy(
                "hazards.general_basis",
                "一般隐患的判定依据",
                "危害和整改难度较小，发现后能够立即整改排除",
                "文字",
                _SOURCE,
            ),
            Policy(
                "hazards.major_basis",
                "重大隐患的判定依据",
                "危害和整改难度较大，要全部或局部停产停业、经过一段时间整改才能排除，或单位自身难以排除",
                "文字",
                _SOURCE,
            ),
        ),
        journal_words={
            "number": "对方编号",
            "service": "对方类别",
            "status": "对方进度",
            "services": "对方类别数",
            "chosen": "对应的类别",
            "grade": "等级",
            "unit": "责任单位",
            "rectify_on": "整改到期",
            "leader": "并入",
            "authority": "移交给",
            "paper_number": "文号",
        },
    )

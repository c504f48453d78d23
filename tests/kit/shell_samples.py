"""Made-up facts that fill every component of the shells; nobody and nothing here exists."""

from __future__ import annotations

from typing import Any

import segno
from django.core.paginator import Paginator
from django.utils.safestring import SafeString

from unionhome.kit import forms

TONES = ("green", "amber", "deep", "blue", "grey", "outline")


class HelpForm(forms.Form):
    text = forms.TextArea(
        label="遇到了什么难处？", help_text="一句话就行，不用登录。", max_length=2000
    )
    kind = forms.ChoiceTiles(
        label="哪一类",
        choices=[("pay", "工资", "coin-yuan"), ("ill", "生病", "stethoscope"), ("law", "法律", "scale")],
        required=False,
    )
    files = forms.UploadField(label="照片", required=False)
    phone = forms.LineField(label="联系电话")
    county = forms.forms.ChoiceField(label="在哪个区县", choices=[("", "请选择"), ("1", "云桥区")])
    day = forms.DayField(label="从哪天开始", required=False)
    ways = forms.forms.MultipleChoiceField(
        label="怎么联系您",
        choices=[("call", "打电话"), ("text", "发短信")],
        widget=forms.forms.CheckboxSelectMultiple,
        required=False,
    )
    hidden = forms.SwitchField(
        label="不让单位知道", icon="eye-off", help_text="看起来与您的单位有关，已帮您打开。我们不会告诉单位和单位工会是您提的。"
    )
    rating = forms.ChoiceTiles(
        label="您满意吗",
        choices=[("3", "满意", "mood-smile"), ("2", "基本满意", "mood-empty"), ("1", "不满意", "mood-sad")],
        faces=True,
        required=False,
    )


def form(wrong: bool = False) -> HelpForm:
    if not wrong:
        return HelpForm(initial={"text": "公司9月、10月的工资一直没发，问了几次都说再等等。", "hidden": True})
    return HelpForm({"text": "", "phone": "", "county": "9", "day": "去年冬天", "hidden": "on"})


def shell(door: str, **more: Any) -> dict[str, Any]:
    top = [
        {"title": "收件箱", "url": "#inbox", "icon": "inbox", "active": True, "count": 23},
        {"title": "诉求", "url": "#matters", "icon": "message-report", "active": False},
    ]
    rest = [
        {"title": title, "url": "#x", "icon": icon, "active": False}
        for title, icon in (
            ("组织", "sitemap"), ("会员", "users"), ("帮扶", "heart-handshake"), ("互助", "lifebuoy"), ("维权", "scale"),
            ("阵地", "building-community"), ("活动", "calendar-event"), ("经费", "coin-yuan"), ("报表", "chart-bar"),
        )
    ]
    worker_tabs = [
        {"title": "首页", "url": "#home", "icon": "home", "active": True},
        {"title": "服务", "url": "#services", "icon": "apps", "active": False},
        {"title": "消息", "url": "#messages", "icon": "message", "active": False, "count": 2},
        {"title": "我的", "url": "#me", "icon": "user", "active": False},
    ]
    desk_tabs = [*top, {"title": "会员", "url": "#members", "icon": "users", "active": False}]
    return {
        "site_name": "示例市总工会",
        "actor_name": "李静",
        "post": "权益保障部",
        "union_name": "云桥区总工会",
        "union_url": "#union",
        "nav": [top, rest],
        "tabs": desk_tabs if door == "desk" else worker_tabs,
        "now_text": "11月25日 周三 10:20",
        "duty_text": "值班中，至12:00",
        "demo": False,
        "search_url": "/desk/search/",
        "messages_url": "/desk/messages/",
        "sign_out_url": "/sign-out/",
        "account_url": "/desk/account/",
        "unread_count": 3,
        "hotline": "12351",
        "footer": [{"title": "工会信息公开", "url": "#open"}, {"title": "怎么用这个网站", "url": "#how"}],
        **more,
    }


def light(state: str, share: float, text: str) -> dict[str, Any]:
    return {"state": state, "share": share, "text": text}


def context(door: str, wrong: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "shell": shell(door, **more),
        "csrf_token": "token-of-a-test",
        "form": form(wrong),
        "qr": SafeString(segno.make("UNIONHOME").svg_inline(scale=3, border=0)),
        "page": Paginator(range(86), 12).page(2),
        "tones": TONES,
        **_worker(),
        **_desk(),
    }


def _worker() -> dict[str, Any]:
    return {
        "services": [
            ("困难帮扶", "heart-handshake"), ("互助保障", "umbrella"), ("法律维权", "scale"), ("爱心驿站", "home-heart"),
            ("活动报名", "calendar-event"), ("学习培训", "notebook"), ("心理关爱", "mood-heart"), ("入会转会", "user-plus"),
        ],
        "matters": [
            {"name": "住院互助金", "state": "等您办", "tone": "amber", "icon": "hand-finger", "next": "补一张出院小结", "who": "您本人", "when": "11月27日（周五）前"},
            {"name": "拖欠工资", "state": "工会在办", "tone": "green", "icon": "circle-dashed", "next": "发函催单位补发工资", "who": "城东街道总工会维权干事", "when": "今天17:12前"},
        ],
        "clocks": [
            {"name": "首次到场", "light": light("done", 0.38, ""), "value": "09:58", "used": "用46分钟", "limit_text": "限2小时"},
            {"name": "首次帮扶", "light": light("done", 0.28, ""), "value": "10:20", "used": "用1小时8分", "limit_text": "限4小时"},
            {"name": "首次措施", "light": light("running", 0.56, ""), "value": "17:12", "suffix": "前", "used": "剩2小时40分", "limit_text": "限6小时"},
        ],
        "all_clocks": [
            {"name": "还没开始", "light": light("not_started", 0, ""), "note": "前一步办完才起算"},
            {"name": "正在计时", "light": light("running", 0.5, "剩2小时40分"), "note": "今天17:12前"},
            {"name": "快到时限", "light": light("near", 0.9, "剩25分钟"), "note": "今天17:12前，已提醒经办人"},
            {"name": "超时", "light": light("overdue", 1, "超40分钟"), "note": "已转示例区总工会接着办"},
            {"name": "暂停", "light": light("paused", 0.4, "第2天"), "note": "等您补出院小结，补上接着算"},
            {"name": "按时办到", "light": light("done", 0.4, "用46分钟"), "note": "今天09:58，限2小时"},
        ],
        "entries": [
            {"title": "发函催单位补发工资", "tone": "next", "chips": ["首次措施"], "text": "今天17:12前"},
            {"title": "约好援助律师", "tone": "done", "chips": ["首次帮扶"], "time_text": "10:20", "text": "11月25日（周三）10:00，城东街道职工服务中心2楼。请带劳动合同和工资条。"},
            {"title": "维权干事打给您", "tone": "done", "chips": ["首次到场"], "time_text": "09:58", "text": "问清了欠薪月份和金额。"},
            {"title": "城东街道总工会已受理", "tone": "done", "time_text": "09:31"},
            {"title": "您提出诉求", "tone": "done", "time_text": "09:12", "text": "没有发给单位工会。"},
        ],
        "facts": [
            {"label": "姓名", "value": "王建国", "source": "身份证核验", "date_text": "2024-03-05"},
            {"label": "证件号码", "value": "6100****121X", "source": "身份证核验", "date_text": "2024-03-05", "action": "显示", "action_url": "#show"},
            {"label": "工作单位", "value": "示例速运有限公司渭河大道第二分拣中心夜班组", "source": "单位工会名册", "date_text": "2026-09-30"},
        ],
    }


def _desk() -> dict[str, Any]:
    def row(state: str, share: float, text: str, due: str, kind: str, icon: str, title: str, union: str, step: str, origin: str, picked: bool = False) -> dict[str, Any]:
        return {"light": light(state, share, text), "due": due, "kind": kind, "icon": icon, "title": title, "union": union, "next": step, "origin": origin, "picked": picked}

    options = [{"label": "全部", "url": "?", "active": True}, {"label": "诉求", "url": "?kind=1", "count": 12}]
    return {
        "counts": [
            {"label": "已超时", "value": 3, "note": "最久1个工作日", "url": "?due=over", "tone": "deep"},
            {"label": "今日到期", "value": 9, "note": "最近10:50到期", "url": "?due=today", "tone": "amber"},
            {"label": "待我办", "value": 23, "note": "本周到期11", "url": "?mine=1", "active": True},
            {"label": "转来的", "value": 6, "note": "2件待接收", "url": "?from=1"},
        ],
        "ribbon": {
            "note": "今天到期9件，上午3件，下午6件；现在10:20",
            "now": 0.22, "now_text": "现在10:20",
            "spans": [{"start": 0, "end": 0.42}, {"start": 0.5, "end": 1}],
            "marks": [{"share": 0.28, "near": True}, {"share": 0.36, "near": True}, {"share": 0.54, "near": True}, {"share": 0.64}, {"share": 0.76}, {"share": 1}],
            "labels": [{"share": 0, "text": "08:30"}, {"share": 0.42, "text": "12:00"}, {"share": 0.53, "text": "14:00"}, {"share": 0.76, "text": "16:00"}, {"share": 1, "text": "18:00"}],
        },
        "filters": [
            {"label": "类别", "value": "全部", "options": options},
            {"label": "工会", "value": "本级及所属", "options": options},
            {"label": "经办", "value": "我", "active": True, "clear_url": "?"},
        ],
        "sort": {"value": "先到期在前", "options": options},
        "bulk": [{"label": "转派", "icon": "corner-up-right", "value": "assign"}, {"label": "催办", "icon": "bell", "value": "urge"}],
        "groups": [
            {"name": "已超时", "count": 3, "rows": [
                row("overdue", 1, "超1个工作日", "昨天10:20", "入会", "user-plus", "赵*的入会申请未答复（网约配送员）", "城北街道总工会", "答复申请", "城北街道升级"),
                row("overdue", 1, "超3小时20分", "昨天16:30", "函书", "file-certificate", "提示函回复期满，单位未回", "云桥区总工会", "督促或移送", "本人经办"),
            ]},
            {"name": "今日到期", "count": 9, "rows": [
                row("near", 0.93, "剩30分", "10:50", "诉求", "message-report", "骑手送餐途中摔伤，家属在市二院", "工业园区工会", "首次到场", "12351转来"),
                row("near", 0.8, "剩1小时10分", "11:30", "会籍", "arrows-exchange", "孙*梅转往青禾县，待确认转出", "云桥区教育工会", "确认转出", "青禾县转来", picked=True),
                row("running", 0.5, "剩2小时40分", "15:00", "互助", "lifebuoy", "住院互助金申请缺出院小结", "市二院工会", "催补材料", "本人经办"),
                row("paused", 0.3, "暂停第2天", "—", "帮扶", "heart-handshake", "周*英困难建档入户核实", "柳巷社区工会", "上门核实", "本人经办"),
            ]},
        ],
        "person": [
            {"label": "姓名", "value": "王*国", "action": "显示", "action_url": "#a"},
            {"label": "证件", "value": "6105**********1234"},
            {"label": "手机", "value": "138****5678", "action": "显示", "action_url": "#b"},
            {"label": "会员", "value": "是，2021-03-05入会"},
        ],
        "matter": [{"label": "类别", "value": "工资报酬"}, {"label": "难度", "value": "疑难，7个工作日办结"}, {"label": "地点", "value": "安远街道云锦工地"}],
        "desk_entries": [
            {"title": "王*国来电3分12秒", "icon": "phone", "visible_to": "inner", "time_text": "今天10:05", "text": "问核算单什么时候能拿到。已答复今天14:10前。"},
            {"title": "李静答复王*国", "icon": "message", "tone": "blue", "visible_to": "worker", "time_text": "昨天17:20", "text": "您的工资条和考勤表已收到。明天14:10前由区职工服务中心给您出一份欠薪核算单，您可据此申请调解。"},
            {"title": "李静首次到场", "icon": "map-pin", "tone": "done", "visible_to": "worker", "time_text": "昨天15:02", "text": "在安远街道工会驿站当面见到本人，用时52分。", "files": [{"name": "工资条.jpg", "url": "#f", "icon": "photo"}, {"name": "语音0:42", "url": "#g", "icon": "microphone"}]},
        ],
        "desk_clocks": [
            {"name": "首次到场", "light": light("done", 0.43, "已到场，用时52分"), "note": "值班时间昨天14:10–16:10，共2小时；15:02到场"},
            {"name": "首次帮扶", "light": light("near", 0.76, "剩1小时50分"), "working": [{"label": "昨天14:10–18:00", "value": "3小时50分"}, {"label": "今天08:30–12:00", "value": "3小时30分"}, {"label": "今天14:00–14:10", "value": "10分"}], "sum_label": "14:10前，值班时间合计", "sum_value": "7小时30分"},
            {"name": "首次措施", "light": light("running", 0.25, "剩2日1小时50分"), "limit_text": "至11-27 14:10，共3个工作日"},
        ],
        "steps": [
            {"label": "记录首次帮扶", "url": "#1", "icon": "heart-handshake", "main": True, "allowed": True},
            {"label": "拟提示函", "url": "#2", "icon": "file-certificate", "allowed": True, "post": True, "confirm": "拟一份提示函？"},
            {"label": "提出办结", "allowed": False, "reason": "先登记一项措施"},
            {"label": "告知单位工会", "allowed": False, "reason": "本人不让单位知道"},
        ],
        "stages": [
            {"name": "上传文件", "note": "云桥区_2026年11月.xlsx", "state": "done"},
            {"name": "核对列", "note": "19列对上", "state": "done"},
            {"name": "预览", "note": "看清再导", "state": "current"},
            {"name": "导入", "note": "可中断，可续", "state": "later"},
            {"name": "结果", "note": "带原因的回执表", "state": "later"},
        ],
        "wide_facts": [
            {"label": "姓名", "value": "王*国", "action": "显示", "action_url": "#a", "source": "会员登记表", "date_text": "2021-03-05"},
            {"label": "证件号码", "value": "6105**********1234", "source": "会员登记表", "date_text": "2021-03-05"},
            {"label": "就业状态", "value": "在岗，农民工", "source": "名册导入", "date_text": "2026-11-20"},
        ],
        "services_rows": [
            ("2026-11-24", "诉求", "首次到场，工资报酬", "云桥区职工服务中心", ""),
            ("2026-02-03", "帮扶", "送温暖，困难补助", "云桥区总工会", "1,000.00"),
            ("2025-09-10", "助学", "金秋助学，子女上大学", "云桥区总工会", "3,000.00"),
        ],
    }

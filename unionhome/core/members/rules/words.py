"""The register's own lists as code tables: what rosters call their entries. National tables stand in the kit."""

from unionhome.core.members.rules.codes import EmploymentForm, EmploymentState, HouseholdKind, WorkGroup
from unionhome.kit.codes import CodeTable

HOUSEHOLDS = CodeTable(
    "户籍类型",
    "户口登记",
    dict(HouseholdKind.choices),
    {
        **dict.fromkeys(("农业户口", "农业", "农村", "农业户籍", "农村户籍", "农"), HouseholdKind.RURAL),
        **dict.fromkeys(
            ("非农业户口", "非农业", "非农", "城镇", "城市", "城市户口", "非农业户籍", "城镇户籍", "居民户口"),
            HouseholdKind.URBAN,
        ),
    },
)
EMPLOYMENT_STATES = CodeTable(
    "就业状态",
    "会员实名登记表",
    dict(EmploymentState.choices),
    {
        **dict.fromkeys(("在职", "在业", "就业", "上岗", "正常", "在岗职工"), EmploymentState.ON_POST),
        **dict.fromkeys(("下岗", "下岗待岗", "轮岗", "歇岗"), EmploymentState.WAITING),
        **dict.fromkeys(("无业", "待业", "未就业", "失业人员"), EmploymentState.UNEMPLOYED),
        **dict.fromkeys(("退养", "内部退养", "离岗", "离岗退养", "早退"), EmploymentState.EARLY),
        **dict.fromkeys(("离休", "退职", "离退休", "退离休", "退（离）休"), EmploymentState.RETIRED),
    },
)
EMPLOYMENT_FORMS = CodeTable(
    "用工形式",
    "会员实名登记表",
    dict(EmploymentForm.choices),
    {
        **dict.fromkeys(("合同", "合同制", "合同工", "正式", "正式工", "在编"), EmploymentForm.CONTRACT),
        **dict.fromkeys(("派遣", "劳务", "派遣工", "外包"), EmploymentForm.DISPATCH),
        **dict.fromkeys(("平台", "众包", "网约"), EmploymentForm.PLATFORM),
        **dict.fromkeys(("灵活", "自由职业", "非全日制"), EmploymentForm.FLEXIBLE),
    },
)
WORK_GROUPS = CodeTable(
    "新就业形态群体",
    "八大群体",
    dict(WorkGroup.choices),
    {
        **dict.fromkeys(("快递", "快递小哥", "快递投递员"), WorkGroup.COURIER),
        **dict.fromkeys(("送餐员", "外卖员", "外卖骑手", "骑手", "网约配送员", "外卖配送员"), WorkGroup.RIDER),
        **dict.fromkeys(("卡车司机", "货运司机", "货车驾驶员"), WorkGroup.TRUCKER),
        **dict.fromkeys(("网约车", "网约车驾驶员", "滴滴司机"), WorkGroup.RIDE_HAILING),
        **dict.fromkeys(("家政", "家政人员", "家政服务人员", "保姆"), WorkGroup.DOMESTIC),
        **dict.fromkeys(("护工", "护理员", "护工护理人员"), WorkGroup.CARER),
        **dict.fromkeys(("商场信息人员", "商场导购", "信息员", "导购员"), WorkGroup.SHOP),
        **dict.fromkeys(("房产中介", "房屋中介员", "中介员", "房产经纪人"), WorkGroup.ESTATE),
        **dict.fromkeys(("保安", "保安人员"), WorkGroup.GUARD),
        **dict.fromkeys(("无", "否", "不是", "非", "其他", "其它", "一般职工"), WorkGroup.NONE),
    },
)
YES_NO = CodeTable(
    "是否农民工",
    "会员实名登记表",
    {"yes": "是", "no": "不是"},
    {
        **dict.fromkeys(("1", "Y", "农民工", "对", "√", "有"), "yes"),
        **dict.fromkeys(("0", "2", "N", "否", "非", "非农民工", "×", "无"), "no"),
    },
)
"""What a roster may write for yes and no."""

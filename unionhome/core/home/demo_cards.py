"""The demo's sign-in cards and guided tasks, shown on the landing page of a demo only."""

from dataclasses import dataclass

PASSWORD = "unionhome-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SignInCard:
    """One account of the demo."""

    name: str
    title: str
    note: str
    icon: str


CARDS = (
    SignInCard("town", "镇街工会干部", "收件箱、三个第一、入会审批", "inbox"),
    SignInCard("city", "市总工会干部", "全市看板、数字点开看行", "chart-bar"),
    SignInCard("county", "县区总工会干部", "本县区的事项和组织", "building-community"),
    SignInCard("village", "村社区工会干部", "离职工最近的一级", "home-heart"),
    SignInCard("union", "企业工会干部", "看不到关于本单位的诉求", "building"),
    SignInCard("chair", "主席、分管领导", "三个第一看板、综述、签发公布", "user-circle"),
    SignInCard("office", "市总工会办公室", "审核要公布的数", "certificate"),
    SignInCard("county_office", "县区总工会办公室", "审核本县区要公布的数", "certificate"),
    SignInCard("county_chair", "县区总工会主席", "签发本县区的数和综述", "user-circle"),
    SignInCard("finance", "财务", "指标和报表", "coins"),
    SignInCard("auditor", "经费审查", "指标和每一行", "calculator"),
    SignInCard("lawyer", "律师、调解员", "只看交给自己的事项", "scale"),
    SignInCard("sysadmin", "系统管理员", "账号", "settings"),
    SignInCard("secadmin", "安全管理员", "岗位权限", "key"),
    SignInCard("auditadmin", "审计管理员", "操作日志", "history"),
)


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """One worker of the demo, who signs in by phone code."""

    name: str
    phone: str
    title: str
    note: str


WORKERS = (
    WorkerCard("worker", "19900000001", "会员王建国", "渭南示例速运有限公司的职工"),
    WorkerCard("outsider", "19900000002", "还没入会的职工", "可以提诉求，也可以申请入会"),
)

TASKS = (
    ("说一件难事", "用“会员王建国”登录，点“我有困难”，选“拖欠工资”，写一句话发出去。看看它发给了谁，没有发给谁。"),
    ("第一时间到场", "用“镇街工会干部”登录，在收件箱打开这件事：受理，记录首次到场、首次帮扶、首次措施，再提出办结。"),
    ("请职工评价", "回到王建国的手机页，在“我的事项”里看三个时钟怎么算，点“满意”。"),
    ("从数字点到行", "用“市总工会干部”登录，打开报表里的“办结诉求”，从全市点到县区、镇街，再点到这一件。"),
    ("单位工会看不到", "用“企业工会干部”登录，在收件箱、诉求、查找和报表里找这件事：都没有。"),
)

"""The register's own code lists: what is stored, and the words that people read. National tables stand in the kit."""

from django.db.models import TextChoices


class HouseholdKind(TextChoices):
    RURAL = "rural", "农村户口"
    URBAN = "urban", "城镇户口"


class EmploymentState(TextChoices):
    ON_POST = "on_post", "在岗"
    WAITING = "waiting", "待岗"
    UNEMPLOYED = "unemployed", "失业"
    EARLY = "early", "内退"
    RETIRED = "retired", "退休"


class EmploymentForm(TextChoices):
    CONTRACT = "contract", "劳动合同"
    DISPATCH = "dispatch", "劳务派遣"
    PLATFORM = "platform", "平台用工"
    FLEXIBLE = "flexible", "灵活就业"


class WorkGroup(TextChoices):
    """The eight groups that unions recruit, ride-hailing drivers (added in later lists), and everybody else."""

    COURIER = "courier", "快递员"
    RIDER = "rider", "网约送餐员"
    TRUCKER = "trucker", "货车司机"
    RIDE_HAILING = "ride_hailing", "网约车司机"
    DOMESTIC = "domestic", "家政服务员"
    CARER = "carer", "护工护理员"
    SHOP = "shop", "商场信息员"
    ESTATE = "estate", "房产中介员"
    GUARD = "guard", "保安员"
    NONE = "none", "都不是"


class NationalState(TextChoices):
    """How far a member stands in the national register."""

    ENTERED = "entered", "已录入"
    WAITING = "waiting", "待录入"
    RETURNED = "returned", "被退回"


class Source(TextChoices):
    """Where a fact comes from. Shown beside it with its day."""

    APPLICATION = "application", "入会申请"
    ROSTER = "roster", "单位工会名册"
    DOCUMENT = "document", "由证件号码得出"
    PERSON = "person", "本人更正"
    UNION = "union", "工会更正"
    NATIONAL = "national", "全国会员实名系统"


class Entry(TextChoices):
    """How a membership began."""

    JOINED = "joined", "入会"
    TRANSFERRED = "transferred", "转入"
    RETAINED = "retained", "转为保留会籍"
    RESUMED = "resumed", "恢复在会"


class Held(TextChoices):
    """How a membership stood while it stood: kept after its end, so that the retained of a past day can be counted."""

    ACTIVE = "active", "在会"
    RETAINED = "retained", "保留会籍"


class Outcome(TextChoices):
    """What becomes, or became, of one row of a roster. One letter each: a batch keeps one for every row."""

    NEW = "n", "新入会"
    CHANGED = "c", "资料有变"
    MOVED = "m", "转到本工会"
    UNCHANGED = "u", "没有变化"
    REFUSED = "r", "没有收"


class Status(TextChoices):
    """Where a membership stands. The first three count as membership; a person has at most one of them."""

    ACTIVE = "active", "在会"
    TRANSFERRING = "transferring", "转接中"
    RETAINED = "retained", "保留会籍"
    WITHDRAWN = "withdrawn", "已退会"
    EXPELLED = "expelled", "已除名"
    DECEASED = "deceased", "已去世"
    LEFT = "left", "已转出"
    DOUBLED = "doubled", "重复登记，已并入"
    CONTINUED = "continued", "已变更"


STANDING = (Status.ACTIVE, Status.TRANSFERRING, Status.RETAINED)
"""Statuses that count as membership (`members.members`)."""


class Reason(TextChoices):
    """Why a cadre opens what is masked."""

    MATTER = "matter", "办理诉求"
    MEMBERSHIP = "membership", "核对会籍"
    RELIEF = "relief", "帮扶审核"
    CORRECTION = "correction", "本人要求更正"
    OTHER = "other", "其他（写明）"


class Part(TextChoices):
    """What was seen of a file."""

    MASKED = "masked", "档案（遮住证件和电话）"
    NAME = "name", "姓名"
    DOCUMENT = "document", "完整证件号码"
    PHONE = "phone", "完整手机号码"
    BIRTH = "birth_on", "出生日期"
    ADDRESS = "address", "完整住址"
    ATTACHMENT = "attachment", "诉求里的照片、录音"
    SEALED_NOTE = "sealed_note", "诉求里密封的记录"
    EXISTS = "exists", "只看到“已在其他工会入会”"

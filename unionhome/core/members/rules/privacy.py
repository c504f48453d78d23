"""Purposes a member may agree to, and who sees a name unmasked. Sources: 个人信息保护法 art. 13–17, 29."""

from dataclasses import dataclass

from unionhome.core.members.rules.codes import Part, Reason
from unionhome.core.registry import Actor, BadInput, discover

REGISTER = "members.register"
REGISTER_VERSION = "2026"
VIEW_AGAIN_MINUTES = 60
"""One opening of the masked file counts once per person, account and so many minutes."""
SHOWN_SECONDS = 60
"""How long a clear value stands on a screen."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a consent is for. `ends_by` says how one takes back a consent that is a condition of membership."""

    code: str
    label: str
    text: str
    version: str
    ends_by: str = ""


CONSENT_PURPOSES = (
    Purpose(
        REGISTER,
        "会员实名登记",
        "工会登记您的姓名、证件、手机号、单位和群体，用于办理入会和为您服务。证件和手机号加密保存。",
        REGISTER_VERSION,
        ends_by="退会后撤回",
    ),
    Purpose(
        "members.contact",
        "接收活动和服务通知",
        "有适合您的活动和服务时，发消息告诉您。",
        "2026",
    ),
    Purpose(
        "members.photos",
        "公开有我的活动照片",
        "工会的报道里可以用拍到您的活动照片。",
        "2026",
    ),
)


def purposes() -> tuple[Purpose, ...]:
    """Every purpose that a room or service declares as CONSENT_PURPOSES in its rules; the register's come first."""
    found: tuple[Purpose, ...] = discover("rules", "CONSENT_PURPOSES")
    return tuple(sorted(found, key=lambda each: not each.code.startswith("members.")))


def find_purpose(code: str) -> Purpose:
    """Raises BadInput for a purpose nobody declared."""
    for purpose in purposes():
        if purpose.code == code:
            return purpose
    raise BadInput("没有这一项同意，请刷新页面再试。")


def check_reason(reason: str, text: str) -> tuple[str, str]:
    """The clean reason for opening a file. Raises BadInput without one; "other" must be written out."""
    text = text.strip()
    if reason not in Reason.values:
        raise BadInput("请选一个查看的原因。", fields={"reason": "请选一个查看的原因"})
    if reason == Reason.OTHER and len(text) < 4:
        raise BadInput("请把原因写明，至少4个字。", fields={"reason_text": "请把原因写明，至少4个字"})
    if len(text) > 100:
        raise BadInput("原因最多100个字。", fields={"reason_text": "原因最多100个字"})
    return reason, text


OPENABLE = (Part.NAME, Part.DOCUMENT, Part.PHONE, Part.BIRTH, Part.ADDRESS)


def check_parts(parts: tuple[str, ...]) -> tuple[Part, ...]:
    """Raises BadInput for a part that cannot be opened."""
    if not parts or any(part not in OPENABLE for part in parts):
        raise BadInput("没有这一项可以显示。")
    return tuple(Part(part) for part in parts)


def sees_names(actor: Actor, node_id: int) -> bool:
    """Whether names of a union's members stand unmasked: for the union that keeps the file, and for the product."""
    return actor.is_system or any(
        grant.node_id == node_id and "members.view" in grant.permissions for grant in actor.grants
    )

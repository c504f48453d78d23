"""The first administrators of a new deployment."""

from collections.abc import Mapping

from django.db import transaction

from unionhome.core.access.actions.accounts import open_account
from unionhome.core.access.actions.grants import grant_role
from unionhome.core.access.models import RoleGrant, User
from unionhome.core.registry import ROLES, Actor, BadInput, Refused
from unionhome.core.tree.queries import find_root


@transaction.atomic
def open_administrators(actor: Actor, names: Mapping[str, tuple[str, str]]) -> list[tuple[str, User, str]]:
    """Open one account for each administrating role on the whole tree: role, account, password to hand over.

    `names` maps the role to sign-in name and name. Raises Refused where the tree is empty or an administrator was
    ever appointed: from then on administrators open accounts, and nobody at the command line.
    """
    root = find_root()
    if root is None:
        raise Refused("还没有工会，请先导入工会组织。", "no-tree")
    roles = [role.name for role in ROLES.values() if role.administers]
    if RoleGrant.objects.filter(role__in=roles).exists():
        raise Refused("已经有管理员了，请由系统管理员建立账号。", "not-first")
    if set(names) != set(roles):
        raise BadInput("系统管理员、安全管理员、审计管理员要各写一位。", "three-needed")
    made = []
    for role in roles:
        username, name = names[role]
        user, password = open_account(actor, username=username, name=name, node=root, post=ROLES[role].label)
        grant_role(actor, user, role, root, reason="系统启用")
        made.append((role, user, password))
    return made

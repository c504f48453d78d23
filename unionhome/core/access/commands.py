"""`unionhome administrators`: the first three accounts of a new deployment, which nobody is there yet to open."""

from argparse import ArgumentParser, Namespace

from unionhome.core.access import actions
from unionhome.core.registry import ROLES, Actor, Command


def _configure(parser: ArgumentParser) -> None:
    for role in ("sysadmin", "secadmin", "auditadmin"):
        parser.add_argument(
            f"--{role}", required=True, nargs=2, metavar=("USERNAME", "NAME"), help=f"the {role}: sign-in name and name"
        )


def _open(options: Namespace, actor: Actor) -> int:
    """Print three passwords to hand over; each is changed at the first sign-in."""
    names = {role: tuple(getattr(options, role)) for role in ("sysadmin", "secadmin", "auditadmin")}
    for role, user, password in actions.open_administrators(actor, names):
        print(f"{ROLES[role].label}\t{user.username}\t{password}")
    return 0


COMMANDS = (
    Command(
        "administrators",
        "open the first system, security and audit administrator; each is another person",
        "unionhome administrators --sysadmin zhang 张某 --secadmin li 李某 --auditadmin wang 王某",
        _configure,
        _open,
    ),
)

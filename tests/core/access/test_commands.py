"""The first administrators of a new deployment."""

from argparse import ArgumentParser

import pytest

from unionhome.core.access import actions, queries
from unionhome.core.access.commands import COMMANDS
from unionhome.core.access.models import RoleGrant, User
from unionhome.core.registry import Refused
from unionhome.core.tree.models import Node

LINE = ["--sysadmin", "zhang", "张某", "--secadmin", "li", "李某", "--auditadmin", "wang", "王某"]


def run(world, line=LINE):
    (command,) = COMMANDS
    parser = ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(line), world.actor("system"))


@pytest.fixture
def fresh(world):
    """A tree without administrators."""
    RoleGrant.objects.all().delete()
    return world


def test_three_accounts_with_passwords_to_change(fresh, capsys):
    assert run(fresh) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[1] for line in lines] == ["zhang", "li", "wang"]
    for (_, username, password), role in zip(lines, ("sysadmin", "secadmin", "auditadmin"), strict=True):
        user = User.objects.get(username=username)
        assert user.check_password(password) and user.password_set_at is None
        assert [grant.role for grant in queries.list_open_grants(user.pk, fresh.at)] == [role]


def test_only_once(fresh):
    run(fresh)
    with pytest.raises(Refused) as refusal:
        run(fresh)
    assert refusal.value.code == "not-first"
    assert User.objects.filter(username="zhang").count() == 1


def test_not_with_one_person_for_two_roles(fresh):
    with pytest.raises(Refused):
        run(fresh, [*LINE[:4], "zhang", "张某", *LINE[6:]])
    assert not User.objects.filter(username="zhang").exists()


def test_needs_a_tree(world):
    RoleGrant.objects.all().delete()
    User.objects.all().delete()
    for node in Node.objects.order_by("-path"):
        node.delete()
    with pytest.raises(Refused) as refusal:
        actions.open_administrators(world.actor("system"), {})
    assert refusal.value.code == "no-tree"

"""Marks on unions whose members changed, laid by the database itself: no way of writing, however new, can forget them.

A mark is written in the transaction of the change and takes no lock that others wait for. Who changes a person or an
employer cannot mark the union of a membership that another transaction is about to write: whoever counts meanwhile
leaves all marks until such a change is over (`is_settled`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from unionhome.core.members.models import Membership, StandingMark

# ruff: noqa: S608  (pieces of statements are fixed texts of this file)

MARK = StandingMark._meta.db_table
STAY = Membership._meta.db_table
PERSON = "members_person"
EMPLOYER = "organizations_employer"
OF_STAYS = ("node_id", "person_id", "employer_id", "counts_on", "left_on", "held")
OF_PERSONS = ("sex", "is_migrant", "group")
OF_EMPLOYERS = ("nature",)
"""What the counts read of memberships, persons and employers."""

CHANGING = 4_150_017
"""The advisory lock that who changes a person or an employer shares until the end; nobody waits for it."""
_THEIRS = f"SELECT DISTINCT node_id FROM {STAY} WHERE {{field}} = NEW.id"
_KEPT = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'members_mark_%%'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'members_mark_%%'",
}


def lay_marks() -> None:
    """Let the database mark from now on; where it did not, every union with members is marked.

    Nothing where the tables are not there yet.
    """
    if is_marking() or MARK not in connection.introspection.table_names():
        return
    drop_marks()
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def is_marking() -> bool:
    """Whether all that marks lies in the database."""
    return _list_kept() == _tables()


def is_settled() -> bool:
    """Whether nobody else is amid changing a person or an employer in a way that counts."""
    if connection.vendor == "sqlite":  # there is one writer at a time
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_lock(%s) THEN pg_advisory_unlock(%s) ELSE false END", [CHANGING, CHANGING]
        )
        return bool(cursor.fetchone()[0])


def drop_marks() -> None:
    """Stop marking, so that the tables may be altered; until it is laid again every union with members is marked."""
    kept = _list_kept()
    with connection.cursor() as cursor:
        for name, table in sorted(kept.items()):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if MARK in connection.introspection.table_names(cursor):
            cursor.execute(f"INSERT INTO {MARK} (node_id) SELECT DISTINCT node_id FROM {STAY}")


@contextmanager
def marked_afterwards() -> Iterator[None]:
    """Fill the register without a mark for every row; at the end every union with members has one.

    The caller holds one transaction around it, so that nobody ever writes unmarked beside it.
    """
    drop_marks()
    yield
    lay_marks()


def _list_kept() -> dict[str, str]:
    """The names of what lies in the database, with its tables."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT[connection.vendor])
        return dict(cursor.fetchall())


def _tables() -> dict[str, str]:
    """What is to lie in the database. A trigger that comes to do something else needs another name to be laid anew."""
    return {
        "members_mark_came": STAY,
        "members_mark_changed": STAY,
        "members_mark_went": STAY,
        "members_mark_of_person": PERSON,
        "members_mark_of_employer": EMPLOYER,
    }


def _differs(names: tuple[str, ...], word: str) -> str:
    return " OR ".join(f'OLD."{name}" {word} NEW."{name}"' for name in names)


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sqlite() -> list[str]:
    """One mark for each union at most: there is one writer at a time."""

    def one(side: str) -> str:
        missing = f"WHERE NOT EXISTS (SELECT 1 FROM {MARK} WHERE node_id = {side}.node_id)"
        return f"INSERT INTO {MARK} (node_id) SELECT {side}.node_id {missing};"

    def laid(name: str, when: str, on: str, names: tuple[str, ...], does: str) -> str:
        differs = f" WHEN {_differs(names, 'IS NOT')}" if names else ""
        return f"CREATE TRIGGER {name} AFTER {when} ON {on} FOR EACH ROW{differs} BEGIN {does} END"

    def theirs(field: str) -> str:
        return f"INSERT INTO {MARK} (node_id) {_THEIRS.format(field=field)};"

    return [
        laid("members_mark_came", "INSERT", STAY, (), one("NEW")),
        laid("members_mark_changed", f"UPDATE OF {_columns(OF_STAYS)}", STAY, OF_STAYS, one("OLD") + one("NEW")),
        laid("members_mark_went", "DELETE", STAY, (), one("OLD")),
        laid("members_mark_of_person", f"UPDATE OF {_columns(OF_PERSONS)}", PERSON, OF_PERSONS, theirs("person_id")),
        laid(
            "members_mark_of_employer",
            f"UPDATE OF {_columns(OF_EMPLOYERS)}",
            EMPLOYER,
            OF_EMPLOYERS,
            theirs("employer_id"),
        ),
    ]


def _postgresql() -> list[str]:
    """One mark for each union and statement where rows come by the thousand, else one for each row."""

    def does(name: str, body: str, first: str = "") -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {first}INSERT INTO {MARK} (node_id) {body}; RETURN NULL; END $$"
        )

    def row(name: str, when: str, on: str, names: tuple[str, ...], body: str, first: str = "") -> list[str]:
        differs = f" WHEN ({_differs(names, 'IS DISTINCT FROM')})" if names else ""
        laid = f"CREATE TRIGGER {name} AFTER {when} ON {on} FOR EACH ROW{differs} EXECUTE FUNCTION {name}()"
        return [does(name, body, first), laid]

    changing = f"PERFORM pg_advisory_xact_lock_shared({CHANGING}); "  # before it looks for memberships

    return [
        does("members_mark_came", "SELECT DISTINCT node_id FROM came"),
        f"CREATE TRIGGER members_mark_came AFTER INSERT ON {STAY} REFERENCING NEW TABLE AS came "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_mark_came()",
        *row(
            "members_mark_changed",
            f"UPDATE OF {_columns(OF_STAYS)}",
            STAY,
            OF_STAYS,
            "SELECT OLD.node_id UNION SELECT NEW.node_id",
        ),
        *row("members_mark_went", "DELETE", STAY, (), "SELECT OLD.node_id"),
        *row(
            "members_mark_of_person",
            f"UPDATE OF {_columns(OF_PERSONS)}",
            PERSON,
            OF_PERSONS,
            _THEIRS.format(field="person_id"),
            changing,
        ),
        *row(
            "members_mark_of_employer",
            f"UPDATE OF {_columns(OF_EMPLOYERS)}",
            EMPLOYER,
            OF_EMPLOYERS,
            _THEIRS.format(field="employer_id"),
            changing,
        ),
    ]

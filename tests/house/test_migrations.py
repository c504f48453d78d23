"""Migrations: none is missing, each can be taken back, and the schema is the same on both engines."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.blanks import copied
from tests.house import goldens
from unionhome.core.registry import rooms

ROOT = Path(__file__).parents[2]
LABELS = {room.label for room in rooms()}
FAMILIES = {
    "AutoField": "number", "BigAutoField": "number", "BigIntegerField": "number", "IntegerField": "number",
    "PositiveBigIntegerField": "number", "PositiveIntegerField": "number", "PositiveSmallIntegerField": "number",
    "SmallIntegerField": "number", "SmallAutoField": "number", "BinaryField": "bytes", "BooleanField": "yes-no",
    "CharField": "text", "TextField": "text", "DateField": "day", "DateTimeField": "moment", "JSONField": "json",
    "UUIDField": "text",
}  # fmt: skip
"""Types as both engines mean them: SQLite tells numbers of all sizes, and short and long text, apart by name only."""


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_step_can_be_taken_back() -> None:
    loader = MigrationLoader(None)
    for (label, name), migration in loader.disk_migrations.items():
        if label in LABELS:
            for operation in migration.operations:
                assert operation.reversible, f"{label}.{name}: {operation} cannot be taken back"


STEPS = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
labels = {labels!r}
first = connection.introspection.table_names()
executor = MigrationExecutor(connection)
executor.migrate([(label, None) for label in labels if label in executor.loader.migrated_apps])
left = connection.introspection.table_names()
print("left:", *sorted(name for name in left if name.split("_")[0] in labels))
call_command("migrate", verbosity=0)
assert sorted(connection.introspection.table_names()) == sorted(first)
print("up again")
"""


@pytest.mark.slow
@pytest.mark.django_db
def test_down_to_nothing_and_up_again(tmp_path: Path) -> None:
    with copied(f"unionhome_scratch_{os.getpid()}", tmp_path) as url:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "unionhome.config.settings",
            "UNIONHOME_DATABASE_URL": url,
            "UNIONHOME_DATA_DIR": str(tmp_path),
            "UNIONHOME_SECRET_KEY": settings.SECRET_KEY,
            "UNIONHOME_FIELD_KEYS": settings.FIELD_KEYS,
        }
        code = STEPS.format(labels=sorted(LABELS))
        done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["left:", "up again"]


def own_tables() -> list[str]:
    return sorted(name for name in connection.introspection.table_names() if name.split("_")[0] in LABELS)


def describe(table: str) -> dict[str, Any]:
    """Columns, keys and indexes of a table as the database itself tells them."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        constraints = connection.introspection.get_constraints(cursor, table)
    columns = {}
    for column in described:
        family = FAMILIES[str(connection.introspection.get_field_type(column.type_code, column))]
        columns[column.name] = f"{family}, may be empty" if column.null_ok else family
    keys, unique, indexes = {}, set(), set()
    for name, facts in constraints.items():
        on = ", ".join(str(column) for column in facts["columns"] or ())
        if facts["foreign_key"]:
            keys[on] = ".".join(facts["foreign_key"])
        elif facts["unique"] and not facts["primary_key"]:
            unique.add(on)
        elif facts["index"] and not name.endswith("_like"):
            indexes.add(on)
    return {"columns": columns, "keys": keys, "unique": sorted(unique), "indexes": sorted(indexes)}


@pytest.mark.django_db
def test_the_schema_is_the_golden_one() -> None:
    goldens.check_json("schema.json", {table: describe(table) for table in own_tables()})

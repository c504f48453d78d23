"""Tasks that only tests queue. Their effects land in two plain tables: one row per start, one per job."""

import time

from django.db import connection
from django_tasks import task
from django_tasks.base import TaskContext

from unionhome.core.registry import Refused

TABLES = (
    "CREATE TABLE IF NOT EXISTS sample_start (number integer NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sample_effect (number integer NOT NULL UNIQUE)",
)


def make_tables() -> None:
    with connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)


def numbers(table: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {table} ORDER BY number")
        return [number for (number,) in cursor.fetchall()]


@task(label="样例")
def slow_effect(number: int, seconds: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sample_start VALUES (%s)", [number])
    time.sleep(seconds)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sample_effect VALUES (%s) ON CONFLICT DO NOTHING", [number])
    return number


@task()
def add(left: int, right: int) -> int:
    return left + right


@task(most_tries=2)
def break_down(secret: str) -> None:
    raise ValueError(f"cannot read {secret}")


@task()
def say_no() -> None:
    raise Refused("名册还没有上传完，请稍后再试。")


@task(takes_context=True)
def tell_attempt(context: TaskContext) -> int:
    return context.attempt

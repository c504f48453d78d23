"""Who works in a grid cell, from when to when."""

from datetime import date

from django.db import transaction

from unionhome.core.access.queries import get_user
from unionhome.core.journal.actions import record
from unionhome.core.organizations.actions.days import check_day
from unionhome.core.organizations.actions.grid.cells import MANAGE, check_not_before, lock_cell
from unionhome.core.organizations.actions.grid.coverage import settle_coverage
from unionhome.core.organizations.models import GridWorker
from unionhome.core.organizations.queries import get_cell
from unionhome.core.organizations.rules import open_phone, seal_phone
from unionhome.core.registry import Actor, BadInput
from unionhome.kit.codes import CodeError, parse_mobile


@transaction.atomic
def assign_worker(
    actor: Actor, cell_id: int, *, on: date, user_id: int | None = None, name: str = "", phone: str = ""
) -> GridWorker:
    """Say who is the grid worker from a day on: an account, or a name with a phone. Who was before ends that day.

    Raises BadInput without a name, for a wrong phone or a day before the present worker's; NotFound for an account
    outside the actor's branches.
    """
    cell = lock_cell(actor, cell_id)
    check_day(actor, on, "on")
    check_not_before(on, cell.starts_on, "on", "不能早于网格设立的日期")
    user = get_user(actor, user_id, MANAGE) if user_id else None
    name = user.name if user else name.strip()
    if not name:
        sentence = "请选一个账号，或者写网格员姓名。"
        raise BadInput(sentence, "no-name", fields={"name": sentence})
    number = _clean_phone(phone) if user is None else ""
    before = cell.workers.select_for_update().filter(ends_on=None).first()
    if before is not None:
        if (before.user_id, before.name, open_phone(before.phone_sealed)) == (user_id, name, number):
            return before
        check_not_before(on, before.starts_on, "on", f"{before.name}的任职起是")
        before.ends_on = on
        before.save(update_fields=["ends_on"])
    worker = GridWorker.objects.create(
        cell=cell, node=cell.node, user=user, name=name, phone_sealed=seal_phone(number), starts_on=on
    )
    settle_coverage(actor, places=[cell.division_id], on=on)
    record(
        actor,
        "organizations.gridworker.assigned",
        node=cell.node,
        about=cell,
        summary=f"{cell.name}的网格员：{name}",
        data={"on": on.isoformat()},
    )
    return worker


def _clean_phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_mobile(text)
    except CodeError as error:
        raise BadInput(error.sentence, "bad-phone", fields={"phone": error.sentence}) from error


@transaction.atomic
def end_worker(actor: Actor, cell_id: int, *, on: date) -> None:
    """The grid worker's post ends, and nobody follows yet. Without a worker nothing changes."""
    cell = lock_cell(actor, cell_id)
    check_day(actor, on, "on")
    worker = cell.workers.select_for_update().filter(ends_on=None).first()
    if worker is None:
        return
    check_not_before(on, worker.starts_on, "on", "不能早于任职的日期")
    worker.ends_on = on
    worker.save(update_fields=["ends_on"])
    settle_coverage(actor, places=[cell.division_id], on=on)
    record(
        actor,
        "organizations.gridworker.ended",
        node=cell.node,
        about=cell,
        summary=f"{cell.name}的网格员{worker.name}离任",
        data={"on": on.isoformat()},
    )


@transaction.atomic
def open_worker_phone(actor: Actor, cell_id: int) -> str:
    """The present grid worker's phone in clear, for calling; journaled. "" where none is noted. Raises NotFound."""
    cell = get_cell(actor, cell_id)
    worker = cell.workers.filter(ends_on=None).first()
    phone = open_phone(worker.phone_sealed) if worker else ""
    if worker and phone:
        record(
            actor,
            "organizations.gridworker.opened",
            node=cell.node,
            about=cell,
            summary=f"查看{cell.name}网格员的电话",
        )
    return phone

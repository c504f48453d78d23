"""Writing, sealing and handing out entries."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.test import TransactionTestCase

from tests.worlds import START
from unionhome.core.journal import actions, queries
from unionhome.core.journal.actions import Handler
from unionhome.core.journal.models import ChainCheck, Delivery, Entry, Head
from unionhome.core.journal.rules import GENESIS
from unionhome.core.registry import Actor, Forbidden

handled: list[int] = []


def take(actor: Actor, entry: Entry) -> None:
    handled.append(entry.pk)


def fail(actor: Actor, entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(summary="half done")
    raise ValueError("not today")


@pytest.fixture
def handlers(monkeypatch):
    """Handlers of this module for the kind test.thing.done."""
    handled.clear()
    names = {"take": take, "fail": fail}
    monkeypatch.setattr(actions, "resolve", lambda dotted: names[dotted])
    chosen: list[Handler] = []
    monkeypatch.setattr(actions, "discover", lambda module, attribute: tuple(chosen))
    return lambda *tasks: chosen.extend(Handler(("test.thing.done",), task) for task in tasks)


def write(world, count=1, node="town", **more):
    return [
        actions.record(world.actor("town"), "test.thing.done", node=world.nodes[node], summary=f"第 {n} 件", **more)
        for n in range(1, count + 1)
    ]


def test_entry_holds_who_where_when_and_about_what(world):
    (entry,) = write(world, about=world.users["village"], subject_id=5, data={"old": 1, "new": 2})
    assert (entry.at, entry.door, entry.actor_name, entry.actor_union) == (world.at, "desk", "郑镇", "人民街道总工会")
    assert (entry.model, entry.object_id, entry.subject_id) == ("access.user", world.users["village"].pk, 5)
    assert (entry.path, entry.chain, entry.seq) == (world.nodes["town"].path, world.nodes["town"].pk, None)
    assert list(queries.list_entries_about(world.users["village"])) == [entry]


def test_sealing_gives_places_per_chain_in_order(world):
    first = write(world, 3)
    other = write(world, 2, node="county")
    assert actions.seal_batch(world.actor("system")) == 5
    for entries in (first, other):
        previous = GENESIS
        for seq, entry in enumerate(entries, 1):
            entry.refresh_from_db()
            assert (entry.seq, entry.previous) == (seq, previous)
            previous = entry.digest
    head = Head.objects.get(chain=world.nodes["town"].pk)
    assert (head.seq, head.digest) == (3, first[-1].digest)
    assert actions.seal_batch(world.actor("system")) == 0
    assert list(queries.find_faults()) == []


def test_sealing_goes_on_where_it_stopped(world):
    write(world, 3)
    actions.seal_batch(world.actor("system"), limit=2)
    write(world, 1)
    while actions.seal_batch(world.actor("system"), limit=2):
        pass
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4]
    assert list(queries.find_faults()) == []


def test_entries_without_a_union_have_their_own_chain(world):
    actions.record(world.actor("system"), "test.thing.done", summary="系统")
    actions.seal_batch(world.actor("system"))
    assert Head.objects.get().chain == 0


def test_deliveries_are_written_with_the_entry_and_done_once(world, handlers):
    handlers("take")
    (entry,) = write(world)
    assert Delivery.objects.get().entry == entry
    assert actions.deliver_batch(world.actor("system")) == 1
    assert actions.deliver_batch(world.actor("system")) == 0
    assert handled == [entry.pk]


def test_other_kinds_are_not_delivered(world, handlers):
    handlers("take")
    actions.record(world.actor("town"), "test.other.done")
    assert not Delivery.objects.exists()


def test_failed_delivery_is_undone_kept_and_tried_again_later(world, handlers):
    handlers("fail", "take")
    (entry,) = write(world)
    assert actions.deliver_batch(world.actor("system")) == 1
    entry.refresh_from_db()
    assert entry.summary == "第 1 件"
    row = Delivery.objects.get(handler="fail")
    assert (row.tries, row.error, row.done_at) == (1, "ValueError: not today", None)
    assert actions.deliver_batch(world.actor("system")) == 0
    world.wait(seconds=3)
    actions.deliver_batch(world.actor("system"))
    row.refresh_from_db()
    assert row.tries == 2 and row.next_at == world.at + timedelta(seconds=4)
    assert queries.count_waiting() == {"unsealed": 1, "undelivered": 1}


def test_delivery_gives_up_after_eight_tries(world, handlers):
    handlers("fail")
    write(world)
    for _ in range(10):
        actions.deliver_batch(world.actor("system"))
        world.wait(hours=1)
    assert Delivery.objects.get().tries == 8


def test_asked_check_walks_the_chains_and_says_what_it_found(world):
    write(world, 2)
    actions.seal_batch(world.actor("system"))
    check = actions.ask_check(world.actor("auditadmin"))
    assert (check.done_at, check.entry_count, check.fault_count) == (world.at, 2, 0)
    Entry.objects.filter(seq=1).update(summary="改过")
    check = actions.ask_check(world.actor("auditadmin"))
    assert check.fault_count == 1 and "第1条与摘要不符" in check.first_fault
    assert Entry.objects.filter(kind="journal.chain.broken").count() == 1
    with pytest.raises(Forbidden):
        actions.ask_check(world.actor("town"))


def test_large_journals_are_checked_by_the_worker(world, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AT_ONCE", -1)
    waiting = actions.ask_check(world.actor("auditadmin"))
    assert waiting.done_at is None
    assert actions.ask_check(world.actor("auditadmin")) == waiting
    done = actions.check_when_due(world.actor("system"))
    assert done == waiting and done.done_at == world.at
    assert actions.check_when_due(world.actor("system")) is None
    world.wait(days=1)
    assert actions.check_when_due(world.actor("system")) is not None
    assert ChainCheck.objects.count() == 2


class SealingAtOnce(TransactionTestCase):
    """Two workers seal the same entries at the same time: every entry gets one place, and the chain holds."""

    def test_concurrent_sealing(self):
        system = Actor.system("test", START)
        for number in range(60):
            actions.record(system, "test.thing.done", summary=str(number))
        errors: list[BaseException] = []
        threads = [threading.Thread(target=self.seal, args=(system, errors)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        while actions.seal_batch(system, limit=7):
            pass
        assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, 61))
        assert list(queries.find_faults()) == []

    @staticmethod
    def seal(system: Actor, errors: list[BaseException]) -> None:
        try:
            for _ in range(12):
                seal_patiently(system)
        except BaseException as error:
            errors.append(error)
        finally:
            if not in_memory():
                connections.close_all()


def in_memory() -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def seal_patiently(system: Actor) -> None:
    """A shared database in memory refuses at once where a file or a server waits."""
    while True:
        try:
            actions.seal_batch(system, limit=7)
        except OperationalError:
            if not in_memory():
                raise
        else:
            return


@pytest.mark.django_db
def test_numbers_in_the_texts_of_an_entry_are_masked(world):
    """Whatever the caller did: the journal is kept unsealed and read by auditors."""
    document, phone, digest = "61050219700101123X", "13900000121", "13900000121a" * 5 + "abcd"
    entry = actions.record(
        world.actor("town"),
        "test.thing.done",
        node=world.nodes["town"],
        summary=f"本人{document}，电话{phone}",
        data={"reason": f"打{phone}", "more": [{"text": document}], "sha256": digest, "count": 13900000121},
    )
    entry.refresh_from_db()
    told = f"{entry.summary}{entry.data['reason']}{entry.data['more']}"
    assert document not in told and phone not in told and "139****0121" in told
    assert (entry.data["sha256"], entry.data["count"]) == (digest, 13900000121)

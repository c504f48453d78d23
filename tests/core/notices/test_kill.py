"""A real worker, killed while the gateway has its message: another sends it with the same key."""

import signal
from pathlib import Path

import pytest

from tests.core.jobs.ground import ground, wait_for
from tests.core.notices.stubs import SmsStub, served

pytestmark = [pytest.mark.django_db, pytest.mark.kill]
WRITE = """
from datetime import date
from unionhome.core.access import clock
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.registry import Actor
from unionhome.core.tree.actions import NewNode, add_node
system = Actor.system("test", clock.now())
node = add_node(system, NewNode("610500", "测试总工会", "city", "", date(2015, 1, 1), True))
notify(system, Message("cases.urgent", "到了。", node), [Receiver(phone="19900000077")], key="k")
"""
LATER = """
from datetime import timedelta
from unionhome.core.notices.models import Notice
row = Notice.objects.get()
Notice.objects.update(claimed_at=row.claimed_at - timedelta(minutes=5))
"""


def test_killed_while_it_sends(tmp_path: Path) -> None:
    with ground(tmp_path) as place, served(SmsStub()) as gateway:
        gateway.hold = True
        place.env["UNIONHOME_SMS_URL"] = gateway.url
        place.python(WRITE)
        with place.worker() as worker:
            assert gateway.taken.wait(30)
            assert place.rows("SELECT state, tries FROM notices_notice") == [("sending", 1)]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        gateway.hold = False
        place.python(LATER)
        place.python("from unionhome.core.jobs.models import ScheduleRun; ScheduleRun.objects.all().delete()")
        with place.worker():
            wait_for(lambda: place.rows("SELECT state, tries FROM notices_notice") == [("sent", 2)], 30)
        assert len(gateway.keys) == 2 and len(set(gateway.keys)) == 1

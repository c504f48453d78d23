"""The lists of messages at both doors, and the administrator's page."""

import pytest

from tests.worlds import World
from unionhome.core.notices.actions import Message, Receiver, notify
from unionhome.core.notices.models import Notice, State


@pytest.fixture
def notice(world: World) -> Notice:
    """One message to the worker, one to the town's cadre, and a text message that nobody could send."""
    message = Message("cases.received", "诉求已收到。", world.nodes["town"], link="/my/matters/")
    worker, town = world.users["worker"], world.users["town"]
    receivers = [Receiver(worker.pk, "my", phone="19900000077"), Receiver(town.pk, "desk")]
    notify(world.actor("system"), message, receivers, key="k")
    return Notice.objects.get(user=worker)


def test_the_mark_goes_as_the_message_is_opened(world: World, notice: Notice) -> None:
    client = world.client("worker")
    assert '1<span class="uh-sr">条未读</span>' in client.get("/my/").content.decode()
    answer = client.post(f"/my/notices/{notice.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/my/matters/")
    page = client.get("/my/notices/").content.decode()
    assert "诉求已收到。" in page and "条未读" not in page
    assert world.client("outsider").post(f"/my/notices/{notice.pk}/read/").status_code == 404


def test_all_at_once_and_only_ones_own(world: World, notice: Notice) -> None:
    client = world.client("town")
    assert "消息，1条未读" in client.get("/desk/notices/").content.decode()
    assert client.post("/desk/notices/read/").status_code == 302
    assert "条未读" not in client.get("/desk/notices/").content.decode()
    assert Notice.objects.get(pk=notice.pk).read_at is None
    assert "还没有消息" in world.client("city").get("/desk/notices/").content.decode()


def test_the_administrator_sees_what_was_not_sent_and_sends_it(world: World, notice: Notice) -> None:
    client = world.client("sysadmin")
    page = client.get("/desk/notices/sent/?state=dropped&channel=sms").content.decode()
    assert "本单位还没有开通短信。" in page and "199****0077" in page and "19900000077" not in page
    failed = Notice.objects.get(channel="sms")
    answer = client.post(f"/desk/notices/sent/{failed.pk}/again/", follow=True)
    assert "已重新排队" in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == State.WAITING
    assert client.post(f"/desk/notices/sent/{failed.pk}/again/").status_code == 409
    assert world.client("town").get("/desk/notices/sent/").status_code == 403

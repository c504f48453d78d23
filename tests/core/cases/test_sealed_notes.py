"""A sealed note: read by its writer and by who holds the permission, opened by others for one reading with a reason."""

import re
from datetime import date

import pytest

from unionhome.core.cases import actions, queries
from unionhome.core.cases.models import Entry
from unionhome.core.cases.rules import UNSEAL_REASONS
from unionhome.core.journal.models import Entry as JournalEntry
from unionhome.core.members.actions import EnrolRow, enrol_many
from unionhome.core.members.models import AccessRecord, Person
from unionhome.core.notices.models import Notice
from unionhome.core.registry import BadInput, Forbidden, NotFound
from unionhome.kit.codes import make_identity

pytestmark = pytest.mark.django_db
SECRET = "本人说家里的难处，不要告诉别人。"


@pytest.fixture
def note(world, case):
    """One that the city's cadre wrote, beside an open one."""
    actions.add_note(world.actor("city"), case.pk, text="打过电话。")
    actions.add_note(world.actor("city"), case.pk, text=SECRET, is_sealed=True)
    world.cadre("colleague", "city")
    return Entry.objects.get(is_sealed=True)


def read(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def test_who_reads_it(world, case, note):
    """Everybody at the desk sees that there is one, of whom and when; the applicant nothing at all."""
    assert SECRET.encode() not in bytes(note.text_sealed)
    actions.refer_case(world.actor("city"), case.pk, node=world.nodes["town"], reason="近")
    for name, is_open, may_unseal in (
        ("city", True, False),
        ("chair", True, False),
        ("colleague", False, True),
        ("town", False, True),
        ("county", False, True),
    ):
        page = world.client(name).get(f"/desk/cases/{case.pk}/").content.decode()
        assert (SECRET in page, f"notes/{note.pk}/" in page) == (is_open, may_unseal), name
        assert "孙城 密封记录" in page and "打过电话。" in page
    for line in queries.list_timeline(case, public_only=True):
        assert line.title != "密封记录"
    assert all(line.text != SECRET for line in queries.list_timeline(case, public_only=False))


def test_opened_once_with_a_reason_and_told(world, case, note):
    client, address = world.client("colleague"), f"/desk/cases/{case.pk}/notes/{note.pk}/"
    assert SECRET not in client.get(address).content.decode()
    for sent, words in (
        ({"reason": "danger", "words": ""}, ""),
        ({"reason": "danger", "words": "急"}, "4到100个字"),
        ({"reason": "curious", "words": "想看看写了什么"}, ""),
        ({"words": "想看看写了什么"}, ""),
    ):
        answer = client.post(address, sent)
        assert answer.status_code == 400 and SECRET not in answer.content.decode() and words in read(answer)
    assert not JournalEntry.objects.filter(kind="cases.note.opened").exists()
    answer = client.post(address, {"reason": "danger", "words": "本人电话19900000009打不通"})
    assert SECRET in answer.content.decode() and answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in client.get(address).content.decode() + client.get(f"/desk/cases/{case.pk}/").content.decode()
    entry = JournalEntry.objects.get(kind="cases.note.opened")
    assert (entry.user_id, entry.data["note"]) == (world.users["colleague"].pk, note.pk)
    assert UNSEAL_REASONS["danger"] in entry.data["reason"] and "19900000009" not in entry.data["reason"]
    told = {row.user_id: row for row in Notice.objects.filter(kind="cases.unsealed")}
    assert set(told) == {world.users["city"].pk, world.users["sysadmin"].pk}
    assert told[world.users["city"].pk].link == f"/desk/cases/{case.pk}/" and not told[world.users["sysadmin"].pk].link
    assert all(SECRET not in row.text and row.channel == "in_app" for row in told.values())
    assert client.post(address, {"reason": "law", "words": "再看一次内容"}).status_code == 200
    assert Notice.objects.filter(kind="cases.unsealed").count() == 4


def test_one_reason_opens_it_once(world, case, note):
    """The same form again, by a reload of the page or a second click, shows and tells nothing."""
    client, address = world.client("colleague"), f"/desk/cases/{case.pk}/notes/{note.pk}/"
    sent = {"reason": "danger", "words": "本人电话打不通", "submit_key": "e" * 32}
    assert SECRET in client.post(address, sent).content.decode()
    again = client.post(address, sent)
    assert again.status_code == 409 and SECRET not in again.content.decode() and "已经看过了" in read(again)
    assert JournalEntry.objects.filter(kind="cases.note.opened").count() == 1
    assert "打开了密封记录" in read(world.client("city").get(f"/desk/cases/{case.pk}/"))


def test_refused(world, case, note):
    plain = Entry.objects.get(case=case, title="内部记录")
    for name, strong, pk, changes, refusal in (
        ("county", True, note.pk, {}, NotFound),
        ("lawyer", True, note.pk, {}, NotFound),
        ("sysadmin", True, note.pk, {}, NotFound),
        ("auditor", True, note.pk, {}, (Forbidden, NotFound)),
        ("colleague", False, note.pk, {}, Forbidden),
        ("colleague", True, plain.pk, {}, NotFound),
        ("colleague", True, 0, {}, NotFound),
        ("colleague", True, note.pk, {"reason": "other"}, BadInput),
        ("colleague", True, note.pk, {"words": " "}, BadInput),
        ("colleague", True, note.pk, {"words": "长" * 101}, BadInput),
        ("colleague", True, note.pk, {"words": "\u200b" * 4}, BadInput),
    ):
        given = {"reason": "review", "words": "上级要看这件事"} | changes
        with pytest.raises(refusal):
            actions.open_note(world.actor(name, strong=strong), case.pk, pk, **given)
    assert world.client("city").get(f"/desk/cases/{case.pk}/notes/{note.pk}/").status_code == 302
    assert world.client("colleague", strong=False).get(f"/desk/cases/{case.pk}/notes/{note.pk}/").status_code == 302
    assert not Notice.objects.filter(kind="cases.unsealed").exists()


def test_whom_the_case_is_hidden_from_is_told_nothing(world, case, note):
    """The writer has moved to the employer's own union since: the chair is told in the writer's stead."""
    case.hidden_path = world.nodes["union"].path
    case.save(update_fields=["hidden_path"])
    world.grant("city", "cadre", "union")
    given = {"reason": "absent", "words": "写的人调走了"}
    assert actions.open_note(world.actor("colleague"), case.pk, note.pk, **given) == SECRET
    told = Notice.objects.filter(kind="cases.unsealed")
    assert set(told.values_list("user_id", flat=True)) == {world.users["sysadmin"].pk, world.users["chair"].pk}


def test_written_from_the_page(world, case):
    client = world.client("city")
    sent = {"text": SECRET, "visible": "sealed", "submit_key": "a" * 32}
    for _ in range(2):
        assert client.post(f"/desk/cases/{case.pk}/write/", sent).status_code == 302
    assert f'data-draft-done="case-{case.pk}"' in client.get(f"/desk/cases/{case.pk}/").content.decode()
    note = Entry.objects.get(case=case, is_sealed=True)
    assert (note.is_public, note.title, note.user_id) == (False, "密封记录", world.users["city"].pk)
    assert client.post(f"/desk/cases/{case.pk}/write/", {"text": "x", "visible": "everybody"}).status_code == 400


def test_the_key_of_an_open_note_seals_nothing(world, case):
    """The page gone back to: what was written then is not lost in silence."""
    city, sent = world.actor("city"), {"submit_key": "a" * 32}
    actions.add_note(city, case.pk, text="打过电话。", **sent)
    with pytest.raises(BadInput, match="已经用过"):
        actions.add_note(city, case.pk, text=SECRET, is_sealed=True, **sent)
    assert not Entry.objects.filter(is_sealed=True).exists()


def test_a_member_sees_who_opened_it_and_why(world):
    system, town = world.actor("system"), world.nodes["town"]
    row = EnrolRow(node_id=town.pk, name="何工", document=make_identity("610502", date(1985, 1, 1), 7), phone="")
    (outcome,) = enrol_many(system, [row])
    person = Person.objects.get(pk=outcome.person_id)
    new = actions.NewCase("helpdesk.need", "wages", "欠薪", town, "phone", phone="19900000001", person=person)
    case, _ = actions.open_case(world.actor("worker"), new)
    actions.add_note(world.actor("town"), case.pk, text=SECRET, is_sealed=True)
    world.cadre("colleague", "town")
    note = Entry.objects.get(is_sealed=True)
    actions.open_note(world.actor("colleague"), case.pk, note.pk, reason="danger", words="本人电话打不通")
    look = AccessRecord.objects.get(part="sealed_note")
    assert (look.person, look.union_name, look.reason) == (person, town.name, "matter")

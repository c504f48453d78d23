"""Clear text has one way out, and it leaves a trace that the person sees."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from tests.core.members.conftest import DOCUMENT, Register
from tests.worlds import WORKER_PHONE
from unionhome.core.journal.models import Entry
from unionhome.core.members import actions, queries
from unionhome.core.members.models import AccessRecord
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import BadInput, Forbidden, NotFound


def test_opening_hands_out_only_what_was_asked_and_journals_it(register: Register) -> None:
    person = register.member().person
    union = register.world.actor("union")
    opened = actions.open_file(union, person.pk, reason="matter", parts=("phone", "birth_on"))
    assert opened == {"phone": WORKER_PHONE, "birth_on": "1988-05-06"}
    entry = Entry.objects.get(kind="members.file.opened")
    assert (entry.subject_id, entry.node_id, entry.actor_union) == (
        person.pk,
        person.node_id,
        "渭南示例速运有限公司工会",
    )
    assert entry.data == {"parts": ["phone", "birth_on"], "reason": "matter", "text": ""}
    assert "王*国" in entry.summary and WORKER_PHONE not in entry.summary
    looks = AccessRecord.objects.filter(person=person)
    assert {(look.part, look.entry_id) for look in looks} == {("phone", entry.pk), ("birth_on", entry.pk)}
    assert {look.union_name for look in queries.list_own_access(register.world.actor("worker"))} == {
        "渭南示例速运有限公司工会"
    }


def test_a_reason_of_ones_own_is_kept_and_shown(register: Register) -> None:
    person = register.member().person
    actions.open_file(
        register.world.actor("union"), person.pk, reason="other", reason_text="核对体检名单", parts=("document",)
    )
    assert AccessRecord.objects.get().reason_label == "核对体检名单"


def test_without_the_second_factor_nothing_is_opened(register: Register) -> None:
    person = register.member().person
    with pytest.raises(Forbidden):
        actions.open_file(register.world.actor("union", strong=False), person.pk, reason="matter", parts=("phone",))
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("who", ["chair", "finance", "auditor", "lawyer", "other_union", "other_county", "secadmin"])
def test_who_may_not_open_gets_nothing_and_leaves_nothing(register: Register, who: str) -> None:
    person = register.member().person
    with pytest.raises((Forbidden, NotFound)):
        actions.open_file(register.world.actor(who), person.pk, reason="matter", parts=("phone",))
    assert not AccessRecord.objects.exists() and not Entry.objects.filter(kind="members.file.opened").exists()


def test_a_wrong_part_or_reason_leaves_nothing(register: Register) -> None:
    person = register.member().person
    union = register.world.actor("union")
    for reason, parts in (("", ("phone",)), ("matter", ()), ("matter", ("bank",))):
        with pytest.raises(BadInput):
            actions.open_file(union, person.pk, reason=reason, parts=parts)
    assert not AccessRecord.objects.exists()


def test_who_looked_at_an_application_is_seen_by_the_applicant_and_stays(register: Register) -> None:
    application = register.apply()
    opened = actions.open_application(
        register.world.actor("union"), application.pk, reason="membership", parts=("document",)
    )
    assert opened == {"document": DOCUMENT}
    worker = register.world.actor("worker")
    assert [look.part for look in queries.list_own_access(worker)] == ["document"]
    actions.approve_application(register.world.actor("union"), application.pk)
    assert [look.part for look in queries.list_own_access(register.world.actor("worker"))] == ["document"]
    assert queries.list_own_access(register.world.actor("outsider")).count() == 0


def test_the_own_file_opens_to_its_owner_alone(register: Register) -> None:
    register.member()
    assert actions.open_own_file(register.world.actor("worker"), "document") == {"document": DOCUMENT}
    assert Entry.objects.filter(kind="members.file.opened_by_owner").count() == 1
    with pytest.raises(NotFound):
        actions.open_own_file(register.world.actor("outsider"), "document")


def test_the_export_says_who_looked_and_why(register: Register) -> None:
    person = register.member().person
    actions.open_file(register.world.actor("union"), person.pk, reason="relief", parts=("phone",))
    found = actions.export_own_file(register.world.actor("worker"))
    looks = next(section for section in found.sections if section.title == "谁看过我的档案")
    assert looks.rows == (
        {
            "时间": "2026-03-10 10:00",
            "工会": "渭南示例速运有限公司工会",
            "岗位": "工会主席",
            "看了什么": "完整手机号码",
            "原因": "帮扶审核",
        },
    )
    assert Entry.objects.filter(kind="members.file.exported").count() == 1


def _everything() -> str:
    """Every value of every table as text, sealed values as what they hold in bytes."""
    found = StringIO()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else None
                    found.write(raw.decode("latin-1") if raw is not None else str(value))
                    found.write("\n")
    return found.getvalue()


def test_no_table_holds_a_document_or_a_phone_in_clear(register: Register) -> None:
    person = register.member().person
    register.enrol("union", 3)
    union = register.world.actor("union")
    actions.open_file(union, person.pk, reason="matter", parts=("document", "phone"))
    actions.correct_facts(union, person.pk, {"phone": "19900000055", "address": "陕西省渭南市临渭区人民街道8号院"})
    actions.request_correction(register.world.actor("worker"), fact="phone", value="19900000066")
    everything = _everything()
    assert "王建国" in everything, "the scan reads the tables"
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", everything)
    assert not re.search(r"(?<!\d)[1-9]\d{16}[\dX](?!\d)", everything)
    for clear in (DOCUMENT, WORKER_PHONE, "19900000055", "19900000066", "8号院"):
        assert clear not in everything
    assert get_clear_values(person)["document"] == DOCUMENT


def test_a_dump_of_the_room_holds_neither(register: Register) -> None:
    register.member()
    out = StringIO()
    call_command("dumpdata", "members", "journal", "workflow", stdout=out)
    assert DOCUMENT not in out.getvalue() and WORKER_PHONE not in out.getvalue()

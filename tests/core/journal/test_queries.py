"""Reading the journal, and finding what was tampered with."""

import json
from datetime import date

import pytest

from unionhome.core.journal import actions, queries
from unionhome.core.journal.commands import COMMANDS
from unionhome.core.journal.models import Entry, Head
from unionhome.core.journal.queries import EntryFilter
from unionhome.core.journal.rules import find_export_faults
from unionhome.core.registry import BadInput, NotFound


@pytest.fixture
def sealed(world):
    """Five sealed entries of the town, two of the county."""
    for number in range(1, 6):
        actions.record(
            world.actor("town"),
            "test.thing.done",
            node=world.nodes["town"],
            summary=f"第 {number} 件",
            data={"amount_fen": number * 100, "words": "王*国"},
        )
    for _ in range(2):
        actions.record(world.actor("county"), "test.other.done", node=world.nodes["county"], summary="县里的事")
    actions.seal_batch(world.actor("system"))
    return Entry.objects.filter(chain=world.nodes["town"].pk)


def faults():
    return [(fault.seq, fault.sentence.removeprefix(f"链{fault.chain}")) for fault in queries.find_faults()]


def test_untouched_chains_hold(sealed):
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "第 3 件。"},
        {"data": {"amount_fen": 301, "words": "王*国"}},
        {"actor_name": "别人"},
        {"hidden_path": "0000"},
        {"user_id": 1},
        {"kind": "test.thing.undone"},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
    ],
)
def test_changed_byte_is_found_at_its_place(sealed, change):
    sealed.filter(seq=3).update(**change)
    assert (3, "第3条与摘要不符") in faults()


def test_changed_moment_is_found(sealed):
    entry = sealed.get(seq=2)
    entry.at = entry.at.replace(microsecond=1)
    entry.save()
    assert faults() == [(2, "第2条与摘要不符")]


def test_dropped_entry_is_found_at_its_place(sealed):
    sealed.filter(seq=3).delete()
    assert faults() == [(3, "缺第3条")]


def test_dropped_first_and_last_entries_are_found(sealed):
    sealed.filter(seq__in=[1, 5]).delete()
    assert faults() == [(1, "缺第1条"), (5, "的末端与记录不符")]


def test_swapped_entries_are_found(sealed):
    second, third = sealed.get(seq=2), sealed.get(seq=3)
    sealed.filter(pk=second.pk).update(seq=99)
    sealed.filter(pk=third.pk).update(seq=2)
    sealed.filter(pk=second.pk).update(seq=3)
    assert (2, "第2条与摘要不符") in faults() and (3, "第3条与摘要不符") in faults()


def test_resealed_forgery_breaks_at_the_head(sealed, world):
    """A forger who recomputes the rest of the chain is stopped by the head, and by its copy outside."""
    anchored = queries.get_heads_digest()
    sealed.filter(seq=5).delete()
    head = Head.objects.get(chain=world.nodes["town"].pk)
    head.seq, head.digest = 4, sealed.get(seq=4).digest
    head.save()
    assert faults() == []
    assert queries.get_heads_digest() != anchored


def test_removed_head_does_not_hide_its_chain(sealed, world):
    Head.objects.filter(chain=world.nodes["town"].pk).delete()
    assert faults() == [(5, "的末端与记录不符")]


def test_emptied_chain_is_found(sealed):
    sealed.all().delete()
    assert faults() == [(5, "的末端与记录不符")]


def test_entries_are_scoped_and_filtered(world, sealed):
    auditor = world.actor("auditadmin")
    assert queries.list_entries(auditor).count() == 7
    assert queries.list_entries(auditor, kind="test.other").count() == 2
    assert queries.list_entries(auditor, text="第 3").count() == 1
    assert queries.list_entries(auditor, only=EntryFilter(union="临渭")).count() == 2
    assert queries.list_entries(auditor, only=EntryFilter(union="610502001")).count() == 5
    day = world.today
    assert queries.list_entries(auditor, only=EntryFilter(from_on=day, to_on=day)).count() == 7
    assert queries.list_entries(auditor, only=EntryFilter(to_on=date(2026, 3, 9))).count() == 0
    assert queries.list_entries(auditor, only=EntryFilter(from_on=date(2026, 3, 11))).count() == 0
    world.cadre("town_audit", "town", "auditadmin")
    assert queries.list_entries(world.actor("town_audit")).count() == 5
    assert queries.list_entries(world.actor("county")).count() == 0
    county_entry = Entry.objects.filter(chain=world.nodes["county"].pk).first()
    with pytest.raises(NotFound):
        queries.get_entry(world.actor("town_audit"), county_entry.pk)


def export(world, who="auditadmin"):
    return list(queries.list_export_lines(world.actor(who)))


def test_export_is_followed_without_the_database(world, sealed, django_assert_num_queries):
    lines = export(world)
    with django_assert_num_queries(0):
        assert list(find_export_faults(lines)) == []


def test_export_keeps_the_place_of_what_is_hidden(world):
    town, auditor = world.nodes["town"], "town_audit"
    world.cadre(auditor, "town", "auditadmin")
    actions.record(world.actor("town"), "test.thing.done", node=town, summary="看得见")
    actions.record(world.actor("town"), "test.thing.done", node=town, summary="看不见", hidden_path=town.path)
    actions.record(world.actor("town"), "test.thing.done", node=town, summary="又看得见")
    actions.seal_batch(world.actor("system"))
    lines = export(world, auditor)
    assert "看不见" not in "".join(lines)
    assert list(find_export_faults(lines)) == []
    assert "看不见" in "".join(export(world))


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda lines: lines[:1] + lines[2:], "缺第2条"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "缺第1条"),
        (lambda lines: [line.replace("第 3 件", "第 9 件") for line in lines], "第3条与摘要不符"),
        (lambda lines: lines[:-1], "没有末端"),
    ],
)
def test_tampered_export_is_found(world, sealed, tamper, words):
    town = [line for line in export(world) if json.loads(line)["chain"] == world.nodes["town"].pk]
    assert any(words in fault.sentence for fault in find_export_faults(tamper(town)))


class Options:
    def __init__(self, export=None):
        self.export = export


def test_verify_command(world, sealed, capsys, tmp_path):
    (verify,) = COMMANDS
    system = world.actor("system")
    assert verify.run(Options(), system) == 0
    assert "日志链完整：7条" in capsys.readouterr().out
    file = tmp_path / "journal.jsonl"
    file.write_text("".join(export(world)), encoding="utf-8")
    assert verify.run(Options(file), system) == 0
    sealed.filter(seq=3).update(summary="改过")
    sealed.filter(seq=4).delete()
    assert verify.run(Options(), system) == 1
    out = capsys.readouterr().out
    assert "第3条与摘要不符" in out and "缺第4条" in out and "2处" in out
    file.write_text("nonsense", encoding="utf-8")
    with pytest.raises(BadInput, match="第1行"):
        verify.run(Options(file), system)
    with pytest.raises(BadInput):
        verify.run(Options(tmp_path / "missing"), system)

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.core.files import samples
from tests.worlds import World
from unionhome.core.files import actions, queries
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.models import Entry
from unionhome.core.policy.actions import set_value
from unionhome.core.registry import BadInput, Refused
from unionhome.kit import crypto


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def owner(world: World, name: str = "town") -> dict[str, Any]:
    """Any row can own files; here a union's node does."""
    node = world.nodes[name]
    return {"node": node, "about_model": "tree.Node", "about_id": node.pk}


def store(world: World, name: str = "town", *, file_name: str = "现场.jpg") -> SealedFile:
    return samples.store_image(world.actor("town"), samples.jpeg(), name=file_name, **owner(world, name))


def sealed_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_cleaned_and_its_original_kept(world: World) -> None:
    file = store(world)
    shown = queries.get_content(file)
    assert b"Camera-4711" not in shown
    assert (file.width, file.height, file.mime, file.size) == (40, 30, "image/jpeg", len(shown))
    original = file.of
    assert original is not None
    assert queries.get_content(original) == samples.jpeg()
    assert crypto.same_digest(samples.jpeg(), original.digest)
    assert (file.created_at, file.created_by) == (world.at, world.users["town"].pk)


def test_nothing_on_disk_is_readable(world: World, folder: Path) -> None:
    store(world)
    on_disk = sealed_files(folder)
    assert len(on_disk) == 2
    for path in on_disk:
        assert b"Camera-4711" not in path.read_bytes()
        assert b"JFIF" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert "现场" not in path.name


def test_a_file_is_found_through_its_own_row_only(world: World) -> None:
    file = store(world)
    assert list(queries.list_files(world.nodes["town"])) == [file]
    assert not queries.list_files(world.nodes["other_town"]).exists()
    found = queries.list_files_of("tree.Node", [world.nodes["town"].pk, world.nodes["other_town"].pk])
    assert dict(found) == {world.nodes["town"].pk: [file]}


def test_changed_or_exchanged_content_is_not_shown(world: World, folder: Path) -> None:
    first, second = store(world), store(world)
    assert first.stored
    assert second.stored
    one, two = folder / first.stored, folder / second.stored
    blob = one.read_bytes()
    one.write_bytes(two.read_bytes())
    with pytest.raises(Refused) as refused:
        queries.get_content(first)
    assert refused.value.code == "file-unreadable"
    one.write_bytes(crypto.seal_bytes(b"another picture", field=actions._field_of(first.stored)))
    with pytest.raises(Refused) as refused:
        queries.get_content(first)
    assert refused.value.code == "file-changed"
    one.write_bytes(blob)
    assert queries.get_content(first)
    two.unlink()
    assert list(queries.find_broken()) == [(second.pk, "file-unreadable")]


def test_what_is_no_picture_is_refused_with_a_sentence(world: World, folder: Path) -> None:
    for data in (b"", b"<svg onload=alert(1)>", b"%PDF-1.7", samples.jpeg()[:200]):
        with pytest.raises(BadInput) as refused:
            samples.store_image(world.actor("town"), data, name="a.jpg", **owner(world))
        assert refused.value.sentence.endswith("。")
    assert not SealedFile.objects.exists()
    assert sealed_files(folder) == []


def test_the_bounds_are_policies(world: World) -> None:
    chair = world.actor("chair")
    set_value(chair, "files.image_side", 20, world.today, "测试")
    set_value(chair, "files.count", 2, world.today, "测试")
    set_value(chair, "files.audio_megabytes", 0, world.today, "测试", world.nodes["county"])
    assert store(world).width == 20
    samples.store_audio(chair, samples.amr(), name="a.amr", **owner(world, "far_town"))
    with pytest.raises(BadInput):
        samples.store_audio(chair, samples.amr(), name="a.amr", **owner(world))
    store(world)
    with pytest.raises(Refused) as refused:
        store(world)
    assert "最多 2 个附件" in refused.value.sentence
    assert queries.list_files(world.nodes["town"]).count() == 2


def test_recordings_and_documents(world: World) -> None:
    town = world.actor("town")
    voice = samples.store_audio(town, samples.amr(), name="录音 13900001111.mp3", **owner(world))
    assert (voice.mime, voice.name) == ("audio/amr", "录音 139****1111.amr")
    sheet = samples.archive("[Content_Types].xml", "xl/workbook.xml")
    document = samples.store_document(town, sheet, name="名册.bin", **owner(world))
    assert document.name == "名册.xlsx"
    assert queries.get_content(document) == sheet
    assert [file.icon for file in queries.list_files(world.nodes["town"])] == ["microphone", "file-text"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_leaves_nothing_after_the_sweep(world: World, folder: Path) -> None:
    with transaction.atomic():
        store(world)
        transaction.set_rollback(True)
    kept = store(world)
    assert SealedFile.objects.count() == 2
    assert actions.sweep_files() == 0
    for path in sealed_files(folder):
        os.utime(path, (1, 1))
    assert actions.sweep_files() == 2
    assert len(sealed_files(folder)) == 2
    assert queries.get_content(kept)


@pytest.mark.django_db(transaction=True)
def test_erasing_removes_content_and_keeps_the_proof(world: World, folder: Path) -> None:
    file = store(world)
    digest = file.digest
    assert actions.erase_files(world.actor("town"), world.nodes["town"], reason="保存期满") == 2
    file.refresh_from_db()
    assert (file.stored, file.digest, file.erased_at) == (None, digest, world.at)
    assert sealed_files(folder) == []
    with pytest.raises(Refused):
        queries.get_content(file)
    assert not queries.list_files(world.nodes["town"]).exists()
    assert digest in Entry.objects.get(kind="files.file.erased").data["digests"]
    assert actions.erase_files(world.actor("town"), world.nodes["town"], reason="保存期满") == 0


def test_files_follow_their_row(world: World) -> None:
    store(world)
    moved = actions.move_files(
        world.actor("town"), world.nodes["town"], node=world.nodes["county"], hidden_path=world.nodes["union"].path
    )
    assert moved == 2
    assert {file.node_id for file in SealedFile.objects.all()} == {world.nodes["county"].pk}
    assert {file.hidden_path for file in SealedFile.objects.all()} == {world.nodes["union"].path}


def test_after_a_rotation_files_are_resealed(world: World, settings: Any) -> None:
    file = store(world)
    place = queries.get_place(file)
    assert not crypto.needs_reseal(place.read_bytes())
    try:
        crypto.configure(f"t2:{crypto.generate_key()},{settings.FIELD_KEYS}")
        assert crypto.needs_reseal(place.read_bytes())
        assert actions.rotate_keys(world.actor("system")).resealed["files.file"] == SealedFile.objects.count()
        assert not actions.rotate_keys(world.actor("system")).resealed
        assert not crypto.needs_reseal(place.read_bytes())
        assert queries.get_content(file)
    finally:
        crypto.configure(settings.FIELD_KEYS)

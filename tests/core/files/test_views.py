from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from tests.core.files import samples
from tests.worlds import World
from unionhome.core.files.models import SealedFile
from unionhome.core.files.views import send


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def attach(world: World, store: Any, data: bytes, name: str) -> SealedFile:
    node = world.nodes["town"]
    file: SealedFile = store(world.actor("town"), data, name=name, node=node, about_model="tree.Node", about_id=node.pk)
    return file


def test_a_picture_is_shown_but_nothing_in_it_can_run(world: World) -> None:
    file = attach(world, samples.store_image, samples.jpeg(800, 600), "塔吊.jpg")
    answer = send(RequestFactory().get("/"), file)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    small = send(RequestFactory().get("/?small=1"), file)
    assert len(small.content) < len(answer.content)


def test_a_document_is_saved_not_shown(world: World) -> None:
    file = attach(world, samples.store_document, b"%PDF-1.7 x", "函.pdf")
    assert send(RequestFactory().get("/"), file)["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wanted", "status", "piece"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=60-", 206, slice(60, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=10-999", 206, slice(10, None)),
        ("bytes=-", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_recordings_come_piece_by_piece(world: World, wanted: str, status: int, piece: slice) -> None:
    file = attach(world, samples.store_audio, samples.amr(), "a.amr")
    answer = send(RequestFactory().get("/", headers={"Range": wanted}), file)
    assert answer.status_code == status
    assert answer.content == samples.amr()[piece]


def test_a_range_behind_the_end_is_refused(world: World) -> None:
    file = attach(world, samples.store_audio, samples.amr(), "a.amr")
    answer = send(RequestFactory().get("/", headers={"Range": "bytes=500-"}), file)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(samples.amr())}")


@pytest.mark.parametrize("wanted", [f"bytes=0-{'9' * 5000}", f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}"])
def test_a_range_of_many_digits_is_not_looked_at(world: World, wanted: str) -> None:
    file = attach(world, samples.store_audio, samples.amr(), "a.amr")
    answer = send(RequestFactory().get("/", headers={"Range": wanted}), file)
    assert (answer.status_code, answer.content) == (200, samples.amr())

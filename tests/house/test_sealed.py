"""Every sealed column of the house is known to the rotation of keys, and goes over to a new key whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, transaction

from tests.house.test_models import MODELS
from tests.samples import Samples
from unionhome.core.files import actions, queries
from unionhome.core.files.models import SealedFile
from unionhome.core.journal.models import Entry
from unionhome.core.members.models import Person
from unionhome.core.members.queries.files import get_clear_values
from unionhome.core.registry import Actor
from unionhome.kit import crypto

pytestmark = pytest.mark.django_db
SEALING = [model for model in MODELS if any(isinstance(field, models.BinaryField) for field in model._meta.fields)]


@pytest.mark.parametrize("model", SEALING, ids=[model._meta.label_lower for model in SEALING])
def test_sealed_columns_are_declared(model: Any) -> None:
    """A column that the rotation does not know would be lost with the old key."""
    columns = {field.name for field in model._meta.fields if isinstance(field, models.BinaryField)}
    assert columns == set(getattr(model, "SEALED", {})), (
        f"{model._meta.label}: write SEALED = {{column: the field its seal names}} for {sorted(columns)}"
    )
    assert all(name.endswith("_sealed") for name in columns)


def values() -> Iterator[tuple[str, str, bytes]]:
    for model, columns in queries.list_sealed_models():
        for column, name in columns.items():
            for blob in model._default_manager.order_by("pk").values_list(column, flat=True):
                if blob:
                    yield f"{model._meta.label_lower}.{column}", name, bytes(blob)


@pytest.fixture
def old_ring(house: Samples) -> Iterator[crypto.Keyring]:
    """The ring of the test run, put back whatever happens; the rows go back with the transaction."""
    ring = crypto.keyring()
    with transaction.atomic():
        yield ring
        transaction.set_rollback(True)
    crypto._keyring = ring


def test_samples_hold_something_in_every_sealed_model(house: Samples) -> None:
    held = {label.rpartition(".")[0] for label, _, _ in values()}
    assert held == {model._meta.label_lower for model in SEALING}


def test_every_value_opens_under_the_declared_field(house: Samples) -> None:
    ring = crypto.keyring()
    for label, name, blob in values():
        try:
            ring.open_bytes(blob, field=name)
        except crypto.CryptoError as error:
            pytest.fail(f"{label} does not open as {name}: {error.sentence}")


def test_a_rotation_leaves_nothing_under_the_old_key(
    house: Samples, old_ring: crypto.Keyring, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-way, once more, and with the old key gone but for the index."""
    new, old = crypto.generate_key(), settings.FIELD_KEYS
    person = Person.objects.order_by("pk").first()
    assert person is not None
    clear, before = get_clear_values(person), [old_ring.open_bytes(blob, field=name) for _, name, blob in values()]
    crypto.configure(f"n1:{new},{old}")
    actor = Actor.system("test", house.world.at)
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(actions, "_reseal_file", stop)
        actions.rotate_keys(actor)
    assert get_clear_values(Person.objects.get(pk=person.pk)) == clear
    found = actions.rotate_keys(actor)
    assert set(found.resealed) == {"files.file"} and not found.closed
    assert not actions.rotate_keys(actor).resealed
    assert set(queries.list_keys_in_use()) == {"n1"}
    index = old.split(",")[-1].partition(":")[2]
    crypto.configure(f"n1:{new},index:{index}")
    ring = crypto.keyring()
    assert [ring.open_bytes(blob, field=name) for _, name, blob in values()] == before
    assert get_clear_values(Person.objects.get(pk=person.pk)) == clear
    assert all(queries.get_content(file) for file in SealedFile.objects.filter(stored__isnull=False))
    assert Entry.objects.filter(kind="files.keys.rotated").count() == 2


def stop(*_: Any) -> None:
    raise KeyboardInterrupt

"""What the models of all rooms promise: keys point down, rows have their scope, indexes and telling names."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from unionhome.core.registry import rooms
from unionhome.core.tree.models import Node, PathField

STACK = (
    ("home",), ("scorecards",), ("figures",), ("cases", "events", "deliveries"), ("records",), ("decisions", "publicity"),
    ("ledger", "notices"), ("members",), ("organizations",), ("papers",), ("workflow",), ("files", "jobs", "periods", "policy"),
    ("access",), ("journal",), ("tree",), ("registry",),
)  # fmt: skip
"""Core rooms from top to bottom (docs/architecture.md §3): a room refers only to lines beneath its own."""
UNSCOPED = {
    "tree.nodepath": "dated copies of a node's path; the node is scoped",
    "tree.share": "the scope itself is made of these",
    "policy.policyparameter": "what holds in a region is known to everybody",
    "members.standingtotal": "counts are read beside figures, which know whose branch is asked about",
    "members.standingmonth": "the same by month",
}
"""Models that name a union and yet have no SCOPE, with the reason."""
FROM_DJANGO = {"access.user": {"last_login"}}
"""Fields that a base class of Django brings along."""
MOMENT = re.compile(r"(^|.*_)(at|until|after)")
DAY = re.compile(r"(^|.*_)on|day")


def own_models() -> list[type[models.Model]]:
    return [model for room in rooms() for model in room.get_models(include_auto_created=True)]


MODELS = own_models()
IDS = [model._meta.label_lower for model in MODELS]
each_model = pytest.mark.parametrize("model", MODELS, ids=IDS)


def height(label: str) -> int:
    """How far up a room stands; services stand above every core room, Django's own apps below."""
    config = apps.get_app_config(label)
    if config.name.startswith("unionhome.services."):
        return len(STACK)
    if not config.name.startswith("unionhome.core."):
        return -1
    line = next((number for number, names in enumerate(STACK) if label in names), None)
    assert line is not None, f"{label} has no place in the stack of tests/house/test_models.py and the architecture"
    return len(STACK) - 1 - line


def keys(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            target = field.related_model
            yield field.name, model if target == "self" else target  # type: ignore[misc]


@each_model
def test_keys_point_down(model: type[models.Model]) -> None:
    """Down only, never sideways: string keys are resolved by now, so they are walked like the others."""
    own = model._meta.app_label
    for name, target in keys(model):
        other = target._meta.app_label
        assert other == own or height(other) < height(own), (
            f"{model._meta.label}.{name} points from {own} to {other}, which does not lie beneath it. "
            "Keep the id as a number and say in its help_text whose it is, or move the model down."
        )


@each_model
def test_rows_of_a_union_have_their_scope(model: type[models.Model]) -> None:
    if model._meta.label_lower in UNSCOPED or hasattr(model, "SCOPE"):
        return
    nodes = [name for name, target in keys(model) if target is Node]
    paths = [field.name for field in model._meta.get_fields() if type(field) is PathField]
    assert not nodes and not paths, (
        f"{model._meta.label} names a union ({', '.join(nodes + paths)}) and no SCOPE: write the lookup of its path, "
        'for instance SCOPE = "node__path", and read it through tree.queries.scope.'
    )


@each_model
def test_every_exception_still_stands(model: type[models.Model]) -> None:
    if model._meta.label_lower in UNSCOPED:
        assert not hasattr(model, "SCOPE")


def resolve_lookup(model: type[models.Model], lookup: str) -> list[tuple[type[models.Model], Any]]:
    """The fields of a lookup, each with its model. Raises FieldDoesNotExist."""
    steps: list[tuple[type[models.Model], Any]] = []
    here: type[models.Model] = model
    for name in lookup.split("__"):
        field: Any = here._meta.get_field(name)
        steps.append((here, field))
        here = field.related_model or here
    return steps


SCOPED = [model for model in MODELS if hasattr(model, "SCOPE")]
each_scoped = pytest.mark.parametrize("model", SCOPED, ids=[model._meta.label_lower for model in SCOPED])


@each_scoped
def test_scope_leads_to_a_path(model: Any) -> None:
    *_, (_, last) = resolve_lookup(model, model.SCOPE)
    assert isinstance(last, PathField), f"{model._meta.label}.SCOPE ends at {last}, which is no path"


@each_scoped
def test_scope_is_indexed(model: Any) -> None:
    """A branch must be a range of an index: of the path itself, or of the key that leads to it."""
    owner, field = resolve_lookup(model, model.SCOPE)[0]
    assert is_indexed(owner, field), f"{model._meta.label}.{field.name} leads to the scope and has no index"


def is_indexed(model: type[models.Model], field: Any) -> bool:
    if field.unique or field.primary_key or field.db_index:
        return True
    first = [index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields]
    unique = [
        each.fields[0] for each in model._meta.constraints if isinstance(each, models.UniqueConstraint) and each.fields
    ]
    return field.name in first + unique


@each_model
def test_hidden_rows_say_so(model: Any) -> None:
    """A column that hides is useless where the scope does not know it."""
    has_column = any(field.name == "hidden_path" for field in model._meta.get_fields())
    hidden = getattr(model, "SCOPE_HIDDEN", None)
    if has_column:
        assert hidden == "hidden_path", f'{model._meta.label} has hidden_path: write SCOPE_HIDDEN = "hidden_path"'
    if hidden:
        *_, (_, last) = resolve_lookup(model, hidden)
        assert isinstance(last, PathField) and last.name == "hidden_path"


@each_scoped
def test_what_hangs_on_hidden_rows_is_hidden_with_them(model: Any) -> None:
    """A row reached through one that can be hidden must look at the same column."""
    for name, target in keys(model):
        hidden = getattr(target, "SCOPE_HIDDEN", None)
        if hidden and model.SCOPE.startswith(f"{name}__"):
            assert getattr(model, "SCOPE_HIDDEN", None) == f"{name}__{hidden}", model._meta.label


def own_fields(model: type[models.Model]) -> Iterator[Any]:
    brought = FROM_DJANGO.get(model._meta.label_lower, set())
    return (field for field in model._meta.local_concrete_fields if field.name not in brought)


@each_model
def test_money_is_whole_fen(model: type[models.Model]) -> None:
    for field in own_fields(model):
        where = f"{model._meta.label}.{field.name}"
        assert not isinstance(field, models.FloatField | models.DecimalField), (
            f"{where} holds fractions: count the smallest unit"
        )
        if field.name.endswith("_fen"):
            assert isinstance(field, models.IntegerField), f"{where} holds money and is no integer"
        assert not re.search(r"amount|price|money|yuan", field.name) or field.name.endswith("_fen"), (
            f"{where}: end it in _fen"
        )


@each_model
def test_moments_and_days_are_named_so(model: type[models.Model]) -> None:
    """Moments end in _at (an end in _until, a start in _after), days in _on; other fields do not."""
    for field in own_fields(model):
        is_moment = isinstance(field, models.DateTimeField)
        is_day = isinstance(field, models.DateField) and not is_moment
        where = f"{model._meta.label}.{field.name}"
        assert bool(MOMENT.fullmatch(field.name)) == is_moment, (
            f"{where}: exactly the moments end in _at, _until, _after"
        )
        assert bool(DAY.fullmatch(field.name)) == is_day, f"{where}: exactly the days end in _on"


PERSONAL = {"phone", "mobile", "document", "document_no", "id_no", "bank_account"}
OFFICE_PHONES = {"organizations.organization"}
"""Models whose phone is that of an office."""


@each_model
def test_sealed_fields_are_bytes(model: type[models.Model]) -> None:
    for field in model._meta.local_concrete_fields:
        if field.name.endswith("_sealed") and not field.name.startswith("is_"):
            assert isinstance(field, models.BinaryField), f"{model._meta.label}.{field.name}"
        elif field.name in PERSONAL and model._meta.label_lower not in OFFICE_PHONES:
            raise AssertionError(
                f"{model._meta.label}.{field.name}: personal data is kept sealed, as {field.name}_sealed"
            )

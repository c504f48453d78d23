"""Synthetic people."""

from datetime import UTC, date, datetime

from unionhome.core.members.models import Person
from unionhome.core.tree.models import Node


def make_person(node: Node, name: str, merged_into: Person | None = None) -> Person:
    """A person of the register, with a document that nobody has."""
    number = Person.objects.count() + 1
    return Person.objects.create(
        node=node,
        document_kind="id_card",
        document_sealed=b"sealed",
        document_index=f"index-{number}",
        document_tail_index="tail",
        name=name,
        source="roster",
        source_on=date(2015, 1, 1),
        merged_into=merged_into,
        created_at=datetime(2015, 1, 1, tzinfo=UTC),
    )

"""Unions by what people call them."""

from django.db.models import Q, QuerySet

from unionhome.core.registry import Actor, BadInput
from unionhome.core.tree.models import Node
from unionhome.core.tree.queries import scope

MOST_NAMES = 20
MOST_NEAR = 4


def list_names(actor: Actor, text: str) -> list[str]:
    """What to offer for some typed words: full names, with the code before those that several unions bear."""
    text = text.strip()
    found = list(_open(actor).filter(Q(name__contains=text) | Q(code__startswith=text))[:MOST_NAMES]) if text else []
    names = [node.name for node in found]
    return [node.name if names.count(node.name) == 1 else f"{node.code} {node.name}" for node in found]


def get_named(actor: Actor, text: str, field: str) -> Node:
    """The one union of the actor's branches meant by a full name, a code, "code name", or words only it has.

    Raises BadInput at `field`, with the names that are near.
    """
    text = text.strip()
    exact = list(_open(actor).filter(Q(name=text) | Q(code=text.split(" ")[0]))[:2]) if text else []
    near = exact or (list(_open(actor).filter(name__contains=text)[: MOST_NEAR + 1]) if text else [])
    if len(near) == 1:
        return near[0]
    sentence = f"找不到工会：{text or '未填写'}"
    if near:
        shown = "；".join(f"{node.code} {node.name}" if exact else node.name for node in near[:MOST_NEAR])
        sentence = f"“{text}”不止一个，请写明是哪一个：{shown}{'……' if len(near) > MOST_NEAR else ''}"
    raise BadInput(sentence, "unknown-union", fields={field: sentence})


def _open(actor: Actor) -> QuerySet[Node]:
    return scope(Node.objects.filter(closed_on__isnull=True), actor, "organizations.view").order_by("path")

"""How transfers look: the counts that filter their list, and both sides' steps."""

from collections.abc import Mapping
from typing import Any

from unionhome.core.members.models import Transfer
from unionhome.core.members.queries import TransferPage

TRANSFER_COUNTS = (
    ("waiting", "待办", "ink"),
    ("in", "转入", "ink"),
    ("out", "转出", "ink"),
    ("overdue", "超期", "deep"),
    ("done", "办完的", "ink"),
)


def transfer_counts(counts: Mapping[str, int], chosen: str) -> list[dict[str, Any]]:
    """The counts above the list of transfers: each is a filter."""
    return [
        {
            "label": label,
            "value": counts[name],
            "url": f"?show={name}",
            "active": name == chosen,
            "tone": tone if counts[name] else "ink",
        }
        for name, label, tone in TRANSFER_COUNTS
    ]


def transfer_stages(page: TransferPage, row: Transfer) -> list[dict[str, str]]:
    """Both sides' steps as a bar: asked for, let go, received."""
    reached = {"releasing": 1, "receiving": 2, "received": 3}.get(page.state.name, 0)
    if not reached:
        return []
    names = ("提出转接", "转出工会同意", "转入工会接收")
    notes = (row.get_origin_display(), page.old_union, row.to_node.name)
    states = ["done" if at < reached else "current" if at == reached else "later" for at in range(3)]
    return [
        {"name": name, "note": note, "state": state} for name, note, state in zip(names, notes, states, strict=True)
    ]

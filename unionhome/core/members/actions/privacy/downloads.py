"""What taking a list of reconciliations leaves behind: an entry in the journal."""

from unionhome.core.journal.actions import record
from unionhome.core.members.queries.totals import VIEW
from unionhome.core.registry import Actor
from unionhome.core.tree.queries import find_any_node


def note_reconcile_download(actor: Actor, title: str, count: int) -> None:
    """That somebody took a list of members or unions to check, masked. Raises Forbidden."""
    actor.require(VIEW)
    node = find_any_node(actor.node_id) if actor.node_id else None
    record(actor, "members.reconcile.downloaded", node=node, summary=f"下载“{title}”{count}行", data={"count": count})

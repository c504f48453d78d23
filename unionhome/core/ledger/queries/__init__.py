"""What the ledger answers: lists, one row, what is allowed, what is wrong."""

from unionhome.core.ledger.queries.allowed import find_authority, get_limits, list_funds, list_sources
from unionhome.core.ledger.queries.faults import count_transfers, find_faults, list_asked
from unionhome.core.ledger.queries.rows import (
    Totals,
    count_held,
    find_reversal,
    get_purse,
    get_reversal,
    get_transfer,
    get_waiting,
    list_purses,
    list_sums,
    list_transfers,
)

__all__ = [
    "Totals",
    "count_held",
    "count_transfers",
    "find_authority",
    "find_faults",
    "find_reversal",
    "get_limits",
    "get_purse",
    "get_reversal",
    "get_transfer",
    "get_waiting",
    "list_asked",
    "list_funds",
    "list_purses",
    "list_sources",
    "list_sums",
    "list_transfers",
]

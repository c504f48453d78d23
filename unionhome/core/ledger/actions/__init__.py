"""Every way in which money, points or goods are moved: received, reserved, paid or released, reversed."""

from unionhome.core.ledger.actions.posting import Purse
from unionhome.core.ledger.actions.receiving import Income, receive
from unionhome.core.ledger.actions.reserving import Demand, Line, reserve, reserve_many
from unionhome.core.ledger.actions.resolving import Settled, pay, pay_many, void, void_many
from unionhome.core.ledger.actions.reversing import ask_reversal, confirm_reversal, refuse_reversal

__all__ = [
    "Demand",
    "Income",
    "Line",
    "Purse",
    "Settled",
    "ask_reversal",
    "confirm_reversal",
    "pay",
    "pay_many",
    "receive",
    "refuse_reversal",
    "reserve",
    "reserve_many",
    "void",
    "void_many",
]

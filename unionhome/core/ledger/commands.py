"""The ledger's part of `unionhome verify`."""

from unionhome.core.ledger import queries
from unionhome.core.registry import Check


def _said() -> str:
    return f"资金台账完整：{queries.count_transfers()} 笔流水，余额、依据和摘要都对得上"


CHECKS = (Check("资金台账", queries.find_faults, _said),)

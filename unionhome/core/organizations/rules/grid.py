"""Words and rules of grid cells and of coverage."""

from unionhome.core.organizations.rules.words import place_name
from unionhome.kit import crypto

COVERAGES = (
    ("employer", "单位未建工会"),
    ("town", "镇（街道）没有工会"),
    ("village", "村（社区）没有工会"),
    ("worker", "村（社区）没有网格员"),
)
"""The questions of coverage, each named after its gap."""
PHONE = "organizations.gridworker.phone"
SERIALS = 999


def cell_code(division_code: str, serial: int) -> str:
    """12 digits of the division and 3 of the serial."""
    return f"{division_code}{serial:03d}"


def cell_name(division_name: str, level: str, serial: int) -> str:
    """What a cell is called until somebody calls it otherwise: 赵村第1网格."""
    return f"{place_name(division_name, level)}第{serial}网格"


def seal_phone(phone: str) -> bytes | None:
    """A grid worker's phone, sealed; None for none."""
    return crypto.seal(phone, field=PHONE) if phone else None


def open_phone(blob: bytes | bytearray | memoryview | None) -> str:
    """The phone that was sealed, "" for none."""
    return crypto.open_sealed(blob, field=PHONE) if blob else ""

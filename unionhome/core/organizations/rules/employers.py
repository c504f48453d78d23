"""By what an employer is known: its credit code, else its name and place."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
SAME = {"（": "(", "）": ")", " ": "", "\u3000": ""}
"""What makes no difference between two names of employers."""


class EmployerKey(NamedTuple):
    """What is given to find an employer by; `division_code` has 12 digits, `uscc` may be empty."""

    uscc: str
    name: str
    division_code: str


def name_key(name: str) -> str:
    """The name as it is compared: brackets of one width, no blanks."""
    for sign, plain in SAME.items():
        name = name.replace(sign, plain)
    return name


class KnownEmployers(Generic[T]):
    """Employers that are known, in the register or further up in a sheet, each with what stands for it.

    The one rule by which an employer is found: by its credit code; else by name and place, where the one known has no
    other code.
    """

    def __init__(self, known: Iterable[tuple[EmployerKey, T]] = ()) -> None:
        self._by_code: dict[str, T] = {}
        self._by_name: dict[tuple[str, str], list[tuple[str, T]]] = {}
        for key, value in known:
            self.add(key, value)

    def add(self, key: EmployerKey, value: T) -> None:
        """From now on it is found, after those added before."""
        if key.uscc:
            self._by_code.setdefault(key.uscc, value)
        self._by_name.setdefault((name_key(key.name), key.division_code), []).append((key.uscc, value))

    def find(self, key: EmployerKey) -> T | None:
        """What stands for the employer of that key, None for one that nobody knows."""
        if key.uscc and key.uscc in self._by_code:
            return self._by_code[key.uscc]
        same = self._by_name.get((name_key(key.name), key.division_code), [])
        return next((value for uscc, value in same if not (uscc and key.uscc)), None)

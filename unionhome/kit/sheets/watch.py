"""The time that reading one spreadsheet may take, so that a file made to be slow holds nobody up."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from unionhome.kit.sheets.cells import SheetRefused

READING_SECONDS = 600.0
"""Many times what a roster of 730,000 rows takes, on a busy machine too."""


class Watch:
    """Counts the time spent reading, without that of whoever takes the rows."""

    def __init__(self, seconds: float = READING_SECONDS) -> None:
        self._left = seconds
        self._until = monotonic() + seconds

    def look(self) -> None:
        """Raises `SheetRefused` when the time is over."""
        if monotonic() > self._until:
            raise SheetRefused("表格太复杂，读不完；请把内容复制到新的 .xlsx 里，或分成几个文件再上传。", "sheet.slow")

    def over(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The same rows, refused when reading them takes too long."""
        while True:
            self._until = monotonic() + self._left
            row = next(rows, None)
            self.look()
            self._left = self._until - monotonic()
            if row is None:
                return
            yield row

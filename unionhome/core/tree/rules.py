"""Paths of the tree: pure text."""

from unionhome.core.registry import BadInput

STEP = 4
"""Characters of a path per level: base-36 serial of the node under its parent."""
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST_CHILDREN = len(DIGITS) ** STEP
MOST_PATH = 16 * STEP


def step_text(serial: int) -> str:
    """The path step of a serial under its parent. Raises BadInput past 1,679,616 children."""
    if not 0 <= serial < MOST_CHILDREN:
        raise BadInput("这个工会下面的组织太多了，请先分设一级。", "too-many-children")
    text = ""
    for _ in range(STEP):
        serial, digit = divmod(serial, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def after(path: str) -> str:
    """The first text behind every path of the branch: a branch is the range path <= x < after(path)."""
    return path + "~"


def prefixes(path: str) -> list[str]:
    """The paths from the root down to and with `path`."""
    return [path[: end * STEP] for end in range(1, len(path) // STEP + 1)]

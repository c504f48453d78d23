"""Which matters are checked before they close."""

CHECK_FIELD = "cases.check.draw"


def is_drawn(digest: str, share: int) -> bool:
    """Whether a matter is among the `share` per cent that are checked. `digest` is a keyed digest of its number in hex:
    asked again it says the same, and nobody without the key can tell beforehand whom it meets."""
    return int(digest[:12], 16) % 10_000 < share * 100

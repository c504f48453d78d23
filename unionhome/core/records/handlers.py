"""What the ledger of services answers to rooms beneath it."""

IDENTITY_FOLLOWERS = ("unionhome.core.records.actions.follow_identity",)
"""People served are counted anew when two files become one person, or two again."""

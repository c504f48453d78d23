"""What the register answers to rooms beneath it."""

PERSON_FINDERS = ("unionhome.core.members.queries.find_phone_owner",)
"""Asked at a worker's sign-in: who is behind this phone?"""

PERSON_KEEPERS = ("unionhome.core.members.queries.find_account_owner",)
"""Asked at a worker's sign-in: is the account's phone still this person's?"""

UNION_FOLLOWERS = ("unionhome.core.members.actions.standing.following.follow_union",)
"""Members go with a union that is merged, divided or dissolved."""

UNION_BELONGINGS = ("unionhome.core.members.queries.following.list_belongings",)
"""How many members that would be."""

UNION_MEMBERS = ("unionhome.core.members.queries.following.count_of_union",)
"""How many members a union has, and how many of them are women."""
MEMBER_COUNTERS = ("unionhome.core.members.queries.list_member_counts",)
"""Asked by the tree of unions: how many members has each union of these branches?"""

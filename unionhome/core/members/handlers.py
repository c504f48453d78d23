"""What the register answers to rooms beneath it."""

PERSON_FINDERS = ("unionhome.core.members.queries.find_phone_owner",)
"""Asked at a worker's sign-in: who is behind this phone?"""

PERSON_KEEPERS = ("unionhome.core.members.queries.find_account_owner",)
"""Asked at a worker's sign-in: is the account's phone still this person's?"""

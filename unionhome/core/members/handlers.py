"""What the register answers to rooms beneath it."""

PERSON_FINDERS = ("unionhome.core.members.queries.find_phone_owner",)
"""Asked at a worker's sign-in: who is behind this phone?"""

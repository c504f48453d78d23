"""Pure rules of the register: code lists, joining, facts and their masks, privacy."""

from unionhome.core.members.rules.privacy import CONSENT_PURPOSES

__all__ = ["CONSENT_PURPOSES"]

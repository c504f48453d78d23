"""The bans of the house: what a reviewer would otherwise have to say again and again."""

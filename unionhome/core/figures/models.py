"""Published figures will stand here; figures themselves are declared, not stored."""

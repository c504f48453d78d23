"""How unions come to be."""

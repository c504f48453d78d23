"""Grid cells, and what they and the unions cover."""

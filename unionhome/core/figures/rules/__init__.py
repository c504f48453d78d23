"""Pure rules of figures: periods, how numbers are written, and the text of the yearly review."""

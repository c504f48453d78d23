"""Employers and the unions that organise them."""

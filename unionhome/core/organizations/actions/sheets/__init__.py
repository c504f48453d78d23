"""Sheets of unions, from the file handed in to the register."""

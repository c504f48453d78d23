"""Terms: elections, committees, posts."""

"""Pages of deeds: the desk's list and steps, the worker's rating, the open list."""

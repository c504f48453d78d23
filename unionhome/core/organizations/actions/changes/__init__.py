"""Dated changes of standing unions."""

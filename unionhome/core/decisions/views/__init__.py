"""The desk's pages of items and of meetings."""

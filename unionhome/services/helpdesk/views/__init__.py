"""Pages of needs: asking, writing one down with a helper, and the orders of the 12351 hotline."""

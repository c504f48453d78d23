"""Pure facts about needs: who helped with one, and how the sheets of the 12351 hotline are read."""

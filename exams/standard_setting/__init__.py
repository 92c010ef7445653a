"""Where the cut lies: what judges expect of a borderline candidate, checked against what a board can defend."""

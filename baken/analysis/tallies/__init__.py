"""The tally: count once, then work with the counts."""

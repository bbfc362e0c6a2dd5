"""Answers collected elsewhere: read in memory, then merged and sealed like those of the box."""

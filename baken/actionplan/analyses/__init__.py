"""Risk analyses: what was looked at, with whom, and what it covered."""

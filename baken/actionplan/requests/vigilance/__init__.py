"""The vigilance network: who listens, how fast it answers, what recurs."""

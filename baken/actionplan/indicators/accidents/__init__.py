"""Accidents at work: what happened, hours worked, the figures of a year."""

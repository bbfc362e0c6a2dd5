"""Measures: what is done, by whom, and how it goes."""

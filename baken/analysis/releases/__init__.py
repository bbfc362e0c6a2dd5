"""Releases: numbered, frozen results."""

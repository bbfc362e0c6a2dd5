"""Findings: what a released figure says about a unit, in words that hold."""

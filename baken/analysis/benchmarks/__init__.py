"""Benchmarks over the organisations of an installation: who takes part, and what was released."""

"""Codes: who may answer once, without being known."""

"""Invitations: who is invited at which address, and what became of the letter."""

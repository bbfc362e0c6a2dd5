"""Baken: find psychosocial risks at work and do something about them, year after year."""

"""Adopted editions of plans: each is kept as it was, and two can be laid beside each other."""

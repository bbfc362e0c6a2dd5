"""Meetings of bodies: their agenda, the pack that goes out before, and what came of them."""

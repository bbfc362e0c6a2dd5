"""Sittings and urns: slips are exchanged for forms, and the forms are counted with a witness."""

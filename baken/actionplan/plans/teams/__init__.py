"""The plan of one team: its measures, what it says of them, and the look a year later."""

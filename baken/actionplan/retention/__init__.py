"""How long everything is kept: the rules as data, the round of the night, holds, and a log."""

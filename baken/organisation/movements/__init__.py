"""How many people joined and left a unit between two days: numbers, never a list of people."""

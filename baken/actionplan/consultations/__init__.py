"""Committee and works council: what they were asked and what they answered."""

"""The five-year plan, its objectives and the plan of each year."""

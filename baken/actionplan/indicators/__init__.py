"""How a measure is judged: one agreed figure, from what to what, by when."""

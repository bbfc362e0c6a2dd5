"""Charts, as plotly figures from released values."""

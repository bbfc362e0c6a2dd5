"""The response while a campaign runs: once a day, rounded, and what may be done about it."""

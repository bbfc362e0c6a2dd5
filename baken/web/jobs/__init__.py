"""Background work: what kinds there are, and who does them."""

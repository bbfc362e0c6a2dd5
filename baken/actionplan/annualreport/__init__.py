"""The annual report of the internal service: forms A, B and C, drawn up, signed and frozen."""

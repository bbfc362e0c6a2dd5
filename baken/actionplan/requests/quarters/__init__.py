"""The quarterly table of counsellors and advisers: counts, never a case."""

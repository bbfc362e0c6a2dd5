"""The unit tree through time: what a unit was on any day, and every change of it."""

"""The knipperlichten: what a group reads from the figures of a unit, period after period."""

"""Requests for a risk analysis of a specific work situation, from asking to evaluating."""

"""The external service: when it was joined, and its policy advice."""

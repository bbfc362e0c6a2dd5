"""Talks: what a group says of its work, read back to it before anybody else reads it."""

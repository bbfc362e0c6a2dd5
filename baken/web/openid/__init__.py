"""Logging in by way of the organisation's own identity provider (OpenID Connect)."""

"""Requests, counsellors, the vigilance network: what an organisation hears beside its surveys."""

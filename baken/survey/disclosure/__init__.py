"""Disclosure control: what may be shown so that nobody is recognised. Pure."""

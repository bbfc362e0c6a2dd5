"""Causes, ideas and priorities: what comes first, why it is so, and what could be done."""

"""The organisation's own versions of questionnaires: composed, completed, compared, exchanged."""

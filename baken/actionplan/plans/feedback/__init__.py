"""You said, we did: a page that workers can read without logging in."""

"""How it is asked: from a draft campaign to opened answers."""

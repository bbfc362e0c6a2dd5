"""What comes to people by itself: a letter a week, and a calendar of their own."""

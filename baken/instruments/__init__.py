"""What is asked: questionnaires as data, reading and checking them."""

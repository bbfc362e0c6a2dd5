"""How many workers an employer has as the law counts them, and the prevention group."""

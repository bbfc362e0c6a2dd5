"""What is done: findings, plans, measures and whether they helped."""

"""What is written at a meeting and after it: minutes, decisions, tasks, and their approval."""

"""What people see: pages, commands, texts."""

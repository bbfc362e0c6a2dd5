"""Who works where: organisations, units, people, roles and what they may do."""

"""Files of personnel and absence systems: people in them are counted and never kept."""

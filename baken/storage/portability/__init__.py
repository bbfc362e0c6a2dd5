"""Everything of one organisation in one file that another installation, or program, can read."""

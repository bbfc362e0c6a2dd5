"""Results to hand round: one page that is printed as well, and a workbook with the same figures."""

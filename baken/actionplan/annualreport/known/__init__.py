"""What Baken knows of a year, by field of the form, each value with where it comes from."""

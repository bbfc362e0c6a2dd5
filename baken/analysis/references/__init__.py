"""Figures from elsewhere that results are held against."""

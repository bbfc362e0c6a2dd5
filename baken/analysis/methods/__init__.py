"""The statistics themselves. Pure: counts and arrays in, figures out."""

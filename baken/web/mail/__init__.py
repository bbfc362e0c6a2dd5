"""Letters by mail: what they say, and how they leave."""

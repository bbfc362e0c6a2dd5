"""The register of acts by third parties: kept sealed, numbered without gaps; only counts leave."""

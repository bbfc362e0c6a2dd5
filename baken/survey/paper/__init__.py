"""Paper: forms, slips and sittings, keying and scanning."""

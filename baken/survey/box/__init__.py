"""The sealed box: the only room that sees an envelope."""

"""One adviser follows another, with a protocol of where things stand."""

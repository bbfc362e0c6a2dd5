"""From a file of scanned pages to what stands on each sheet, and what a person must look at."""

"""Tables of strangers, CSV or workbook: read as they come, refused with the place that is wrong."""

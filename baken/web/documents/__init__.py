"""Pages of our own as files to keep and to print: values in, bytes out."""

"""The end of an organisation on the installation, with a protocol of what went."""

"""Accounts of the installation: how somebody shows who they are, and for how long that holds."""

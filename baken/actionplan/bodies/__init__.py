"""Steering and working groups, committee and council: who sits there, what is proposed."""

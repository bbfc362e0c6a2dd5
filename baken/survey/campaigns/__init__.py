"""Campaigns: one round of one instrument in one organisation."""

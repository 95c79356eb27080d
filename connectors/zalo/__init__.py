"""Zalo: the Official Account and the Bot Platform."""

"""Reads Vietnamese as citizens type it: see ``vietnamese.reader``."""

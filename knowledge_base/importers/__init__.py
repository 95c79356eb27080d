"""Reads official records, in every format that offices hold, into the catalogue."""

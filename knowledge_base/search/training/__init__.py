"""Trains what the search learns: the encoder, and the weights that join its signals.

Nothing here is imported when the assistant runs.
"""

"""Delivery: from a platform's event to an answer that is sent exactly once."""

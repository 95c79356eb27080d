"""Channels: what citizens write on. They know nothing of the assistant but its Answerer."""

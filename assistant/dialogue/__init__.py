"""Decisions, actions and the conversation store."""

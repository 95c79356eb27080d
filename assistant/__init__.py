"""The conversation: understanding, dialogue, replies, web, feedback and staff."""

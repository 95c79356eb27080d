"""The conversation: understanding, dialogue, replies, web, feedback and staff."""

from assistant.without_tensorflow import hide_tensorflow

hide_tensorflow()

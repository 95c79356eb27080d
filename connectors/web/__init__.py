"""The widget: its source, and its side of the HTTP API."""

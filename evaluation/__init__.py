"""Question sets, measurements of the assistant, and the report that they make."""

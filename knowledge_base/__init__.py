"""What the assistant knows: procedures as data, their import, checks and search."""

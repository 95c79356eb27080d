"""What citizens think of the answers, and what the office does about it."""

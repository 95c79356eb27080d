"""How a decision is worded."""

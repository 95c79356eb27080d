"""Vietnamese text understanding as Rasa graph components."""

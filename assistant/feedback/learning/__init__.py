"""From a decision to a change, a test for it, a release, and a word to the citizen."""

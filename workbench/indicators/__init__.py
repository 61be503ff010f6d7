"""Layer 4: pure functions from observations to results: no files, no clock, no randomness."""

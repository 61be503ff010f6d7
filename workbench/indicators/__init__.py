"""Pure functions from observations to results: no files, no clock, no randomness."""

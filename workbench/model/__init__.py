"""Layer 1: errors, the words of the field, paths. Standard library only."""

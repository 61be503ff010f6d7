"""Errors, types, names and paths: the standard library only."""

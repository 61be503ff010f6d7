"""Snapshots and observations."""

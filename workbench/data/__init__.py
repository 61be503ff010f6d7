"""Layer 3: snapshots and observations."""

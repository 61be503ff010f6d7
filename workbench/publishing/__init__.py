"""Layer 7: an edition is made of its runs, sealed, and listed in the catalogue."""

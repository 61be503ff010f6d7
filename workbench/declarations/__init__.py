"""Layer 2: code lists, and what params/ declares, validated."""

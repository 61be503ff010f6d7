"""What a new study begins with: its files, which run at once and are then rewritten."""

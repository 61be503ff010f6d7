"""An edition: its runs are planned, made and sealed as an archive."""

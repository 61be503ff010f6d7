"""What a run is before anything is read or executed: its parameters checked, its vintages selected, the newest year found."""

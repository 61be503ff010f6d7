"""What a provider revised between two vintages of a dataset: compared cell by cell, summed up, drawn."""

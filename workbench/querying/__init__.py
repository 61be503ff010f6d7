"""Ad-hoc queries: begun, rendered and sealed, listed by their deadlines."""

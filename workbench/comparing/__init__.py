"""Two editions are compared: which numbers, texts and figures differ, and how much of it is data, method and new period."""

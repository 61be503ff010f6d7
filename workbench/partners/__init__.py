"""What institutions are asked for: forms for them, what they send back, its checks and errors, who owes what."""

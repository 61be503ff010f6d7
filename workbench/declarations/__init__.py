"""Code lists, and what ``params/`` declares, validated."""

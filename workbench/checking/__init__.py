"""The linter of a study: what keeps a notebook from being one, found in what is written, before any cell runs."""

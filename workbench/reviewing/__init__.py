"""Studies are reviewed: a sheet in HTML for each, which its reviewers send back as one file of comments; what became of these."""

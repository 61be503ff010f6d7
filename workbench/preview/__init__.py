"""The page of a study while its notebook is written: served on this machine, and renewed in the browser with each save."""

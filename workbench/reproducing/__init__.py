"""An archive makes its studies again, from what it holds and nothing else; they are compared byte by byte with those in it."""

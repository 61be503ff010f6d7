"""Warm kernels: forked from a server that has imported the scientific stack, through Jupyter's own extension points."""

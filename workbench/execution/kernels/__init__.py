"""Warm kernels: forked from a process that has imported the scientific stack, through Jupyter's own extension points."""

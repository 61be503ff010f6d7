"""JupyterLab for researchers: its kernel, what a notebook in it may ask for beyond Python, and how it is saved."""

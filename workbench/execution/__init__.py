"""A run becomes an executed notebook: papermill, kernels, workers, and what a run depends on."""

"""Layer 7: papermill and nbconvert. A run becomes an executed notebook, and that an HTML study."""

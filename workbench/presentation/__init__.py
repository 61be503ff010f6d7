"""Layer 5: figures, tables, sentences, translation: they show results and compute no statistics."""

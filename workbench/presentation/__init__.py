"""Figures, tables, sentences, translation: they show results and compute no statistics."""

"""What is due, and until when: collections, figures for the providers, ad-hoc queries, editions."""

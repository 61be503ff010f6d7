"""Native files of official statistics: their cells, and where each is."""

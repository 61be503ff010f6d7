"""The static site that lists what is in ``outputs/``: home page, countries, indicators, feeds, linked data."""

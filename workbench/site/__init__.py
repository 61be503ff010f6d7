"""The static site that lists what stands in ``outputs/``: home, countries, indicators, feeds, linked data."""

"""Research workbench of a National Contact Point of the European Migration Network.

Its folders are rooms on floors, and each imports only from those below it: ``CONTRIBUTING.md`` says what stands where,
``pyproject.toml`` holds the order (import-linter).
"""

__version__ = "0.2.0"

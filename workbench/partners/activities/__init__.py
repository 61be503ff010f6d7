"""The register of what the contact point did: read and checked cell by cell, and made a snapshot that studies read."""

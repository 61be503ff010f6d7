"""An edition becomes a sealed archive."""

from workbench.archiving.contents import ArchivedFile, ArchivedRun, Author, DataSource, EditionContents
from workbench.archiving.seal import seal
from workbench.archiving.verify import VerifiedArchive, verify

__all__ = [
    "ArchivedFile",
    "ArchivedRun",
    "Author",
    "DataSource",
    "EditionContents",
    "VerifiedArchive",
    "seal",
    "verify",
]

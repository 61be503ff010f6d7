"""What goes into an archive: files, and the runs that read and made them."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from workbench.model.errors import WorkbenchError

SOFTWARE = "migration-workbench"
CRATE = "ro-crate-metadata.json"
README = "README.md"  # what an archive says to whoever unpacks it
RUN_ID = "#run-"  # what the identifier of a run begins with, in the crate

# Names that every file system, zip tool and BagIt library reads alike; none begins with a dot, so none is "..".
_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_PATH = re.compile(rf"{_NAME}(/{_NAME})*")
# What Windows takes for a device, whatever follows the dot; and it drops a dot at the end.
_OF_WINDOWS = re.compile(r"(^|/)(aux|con|nul|prn|com\d|lpt\d)(\.[^/]*)?(/|$)|\.(/|$)", re.IGNORECASE)


def is_archivable(path: str) -> bool:
    """Whether a relative path may be in an archive."""
    return bool(_PATH.fullmatch(path)) and not _OF_WINDOWS.search(path)


@dataclass(frozen=True)
class DataSource:
    """Whose data a file holds: who provides them, under which licence, of which vintage, and the provider's page."""

    provider: str
    licence: str
    vintage: str
    url: str | None = None


@dataclass(frozen=True)
class Author:
    """A person who wrote an edition; ``identifier`` is their ORCID address, or a name within the crate."""

    name: str
    identifier: str


@dataclass(frozen=True)
class ArchivedFile:
    """A file of an archive; ``path`` is relative, with forward slashes.

    Its content is the bytes or a function that returns them, so that a whole edition need not be in memory.
    """

    path: str
    content: bytes | Callable[[], bytes]
    title: str
    media_type: str
    language: str | None = None
    data: DataSource | None = None

    def read(self) -> bytes:
        """The bytes of the file."""
        return self.content() if callable(self.content) else self.content

    @cached_property
    def size_and_digest(self) -> tuple[int, str]:
        """Number of bytes and sha256."""
        content = self.read()
        return len(content), hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class ArchivedRun:
    """A run, and the paths of the files that it executed, read and made: those of its record, and its pages."""

    study: str
    title: str
    country: str
    year: int
    notebook: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class EditionContents:
    """All that an archive holds and says of itself; nothing is added from the clock or the machine.

    Attributes
    ----------
    name : str
        What the archive is called, before its revision: ``"2022"``.
    declaration : str
        Path of the file that declares the edition: which studies it runs, for whom.
    years : tuple of int
        The reference years of its runs, the first first.
    publisher_url : str
        The publisher's site.
    date_published : str
        ISO date printed on the edition.
    software_version : str
        Version of the workbench that made the edition.
    software_commit : str, optional
        Its git commit, if it was a checkout in which nothing had changed.
    corrections : tuple of str
        What was corrected since it was published, and why; the first first.
    is_draft : bool
        Whether it is sealed before its reviewers are content.

    Raises
    ------
    WorkbenchError
        If a path cannot be archived or is listed twice, or if a run names a file that is not among the files.
    """

    name: str
    declaration: str
    title: str
    description: str
    years: tuple[int, ...]
    date_published: str
    licence_url: str
    publisher: str
    publisher_url: str
    software_version: str
    files: tuple[ArchivedFile, ...]
    runs: tuple[ArchivedRun, ...]
    authors: tuple[Author, ...] = ()
    software_commit: str | None = None
    corrections: tuple[str, ...] = ()
    is_draft: bool = False

    def __post_init__(self) -> None:
        paths = Counter(file.path for file in self.files)
        named = {path for run in self.runs for path in (run.notebook, *run.inputs, *run.outputs)} | {self.declaration}
        complaints = {
            "has a name that cannot be archived": [path for path in (self.name, *paths) if not is_archivable(path)],
            "is the name of the archive's own description": [path for path in paths if path == CRATE],
            "is in the contents twice": [path for path, times in paths.items() if times > 1],
            "belongs to a run and is not in the contents": sorted(named - set(paths)),
        }
        for complaint, offenders in complaints.items():
            if offenders:
                raise WorkbenchError(
                    f"{offenders[0]!r} {complaint}",
                    where=f"contents of the edition {self.name}",
                    expected="names of letters, digits, '.', '_' and '-', each once, and each file of a run among them",
                    unchanged="nothing was sealed",
                    hint="rename the file, or add it to the contents",
                )

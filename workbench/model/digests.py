"""Digests of values, files and the code of the package: the same inputs make the same bytes."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import workbench

CODE_FOLDER = Path(workbench.__file__).parent
_CODE_FILES = {".py", ".csv", ".j2", ".css", ".js", ".json"}


def digest_of(*parts: object) -> str:
    """The digest of things that JSON can hold; a set or mapping view counts as a list."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=list).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """The digest of a file; empty where there is none, as there are no translations into English."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_files(rooms: Iterable[str] = (".",), package: Path | None = None) -> list[Path]:
    """The code of some rooms of the package, all by default, with their templates and tables, but without translations: a
    page depends on those of its own language only. It is the package that runs, unless another folder is given."""
    package = package or CODE_FOLDER
    return sorted(path for room in rooms for path in (package / room).rglob("*") if path.suffix in _CODE_FILES)


def code_digest(rooms: Iterable[str] = (".",), package: Path | None = None) -> str:
    """The digest of `code_files`."""
    package = package or CODE_FOLDER
    return digest_of([(path.relative_to(package).as_posix(), file_digest(path)) for path in code_files(rooms, package)])

"""What a preview depends on, and what must be done once a file of it is saved."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from enum import Flag, auto
from pathlib import Path

import workbench
from workbench.execution.fingerprint import OF_PAGES, OF_RECORDS, OF_WORDING
from workbench.model.paths import Project

_LOOK_EVERY = 0.1
_SETTLED_AFTER = 0.05
_PACKAGE = Path(workbench.__file__).parent
_READ_FOR_EACH_PAGE = {".po", ".css", ".js", ".j2"}
_CODE = {".py", ".csv", ".json"}
_DATA = {".yaml", ".parquet"}

_Files = dict[str, tuple[int, int, int]]
"""Path to time of modification, size and inode: an editor may write another file in place of one."""


class Change(Flag):
    """What a change asks for."""

    NOTHING = 0
    PAGE = auto()
    """The page is made again, from the same output of the cells."""
    NOTEBOOK = auto()
    """The notebook is looked at: cells may have to run."""
    CODE_OF_PAGES = auto()
    """The page is made again with other code."""
    DECLARATIONS = auto()
    """All cells run again, in another kernel, by other declarations or data."""
    CODE_OF_RECORDS = auto()
    """All cells run again, with other code."""


class Watched:
    """The files that the preview of a study depends on."""

    def __init__(self, project: Project, study: str):
        self._project = project
        self._notebook = str(project.notebook(study))
        self._roots = [
            *((_PACKAGE / room, _READ_FOR_EACH_PAGE | _CODE) for room in (*OF_WORDING, *OF_PAGES, "preview")),
            *((_PACKAGE / room, _CODE | _DATA) for room in OF_RECORDS),
            (project.params, _DATA),
            (project.snapshots, _DATA),
        ]

    async def changes(self) -> AsyncIterator[Change]:
        """What is asked for by what is saved from now on; what is saved at once, or soon after, is one change."""
        before = self._files()
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            now = self._files()
            if now == before:
                continue
            while now != (later := await self._a_moment_later()):
                now = later
            yield self._change(before, now)
            before = now

    async def _a_moment_later(self) -> _Files:
        await asyncio.sleep(_SETTLED_AFTER)
        return self._files()

    def _files(self) -> _Files:
        files = {path: _state(entry) for root, kinds in self._roots for path, entry in _below(str(root), kinds)}
        modules = (entry for entry in os.scandir(self._project.root) if entry.name.endswith(".py"))
        files |= {entry.path: _state(entry) for entry in modules}
        if os.path.exists(self._notebook):
            files[self._notebook] = _state(self._notebook)
        return files

    def _change(self, before: _Files, now: _Files) -> Change:
        asked = Change.NOTHING
        for path in before.keys() | now.keys():
            if before.get(path) != now.get(path):
                asked |= self._asked_for(Path(path))
        return asked

    def _asked_for(self, path: Path) -> Change:
        if str(path) == self._notebook:
            return Change.NOTEBOOK
        if path == self._project.params / "site.yaml":
            return Change.NOTHING
        if path.suffix in _DATA or not path.is_relative_to(_PACKAGE):
            return Change.DECLARATIONS
        if path.relative_to(_PACKAGE).parts[0] in OF_RECORDS:
            return Change.CODE_OF_RECORDS
        return Change.PAGE if path.suffix in _READ_FOR_EACH_PAGE else Change.CODE_OF_PAGES


def _below(folder: str, kinds: set[str]) -> Iterator[tuple[str, os.DirEntry]]:
    """The files of some kinds below a folder."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            yield from _below(entry.path, kinds)
        elif os.path.splitext(entry.name)[1] in kinds:
            yield entry.path, entry


def _state(file: os.DirEntry | str) -> tuple[int, int, int]:
    try:
        status = os.stat(file)
    except OSError:  # it has just gone
        return 0, 0, 0
    return status.st_mtime_ns, status.st_size, status.st_ino

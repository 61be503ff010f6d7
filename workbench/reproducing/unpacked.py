"""An archive, unpacked: its studies as they were sealed, and a project made of what they were made from."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from workbench.archiving.bag import PAYLOAD
from workbench.archiving.members import Members
from workbench.editions.archive_contents import CODE, CODE_VERSION, edition_and_status
from workbench.execution.fingerprint import LOCK
from workbench.execution.run_files import METADATA, read_json
from workbench.model.digests import code_digest
from workbench.model.errors import DamagedArchive, RefusedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Run

_NOTHING_MADE = "nothing was made again"


@dataclass(frozen=True)
class SealedRun:
    """A run of an archive: its languages, and its files as they were sealed."""

    run: Run
    languages: tuple[str, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Unpacked:
    """An archive, unpacked into a folder.

    Attributes
    ----------
    runs : tuple of SealedRun
        Its studies, each for a country and a year.
    project : Project
        Made of its notebooks, declarations and snapshots alone; nothing is rendered in it yet.
    code : Path
        The folder in which its package lies.
    lock : str
        The packages of the environment that it was made in.
    version : dict
        What it says of its code, its Python and its browser.
    status : str
        Whether its pages are sealed, or were sealed as drafts.
    """

    runs: tuple[SealedRun, ...]
    project: Project
    code: Path
    lock: str
    version: dict
    status: str


def unpack(members: Members, name: str, into: Path) -> Unpacked:
    """Unpack an archive of a name, which has been verified, into an empty folder.

    Raises
    ------
    WorkbenchError
        If it does not hold the code that made it: it was sealed by an earlier version.
    DamagedArchive
        If its code is not the one that it says made it.
    """
    payload = unpack_payload(members, into)
    check_code(members.archive, payload)
    project = _project(payload, into / "project")
    edition, status = edition_and_status(name)
    return Unpacked(
        runs=tuple(_sealed_runs(payload, edition)),
        project=project,
        code=payload / CODE,
        lock=(project.root / LOCK).read_text(encoding="utf-8"),
        version=read_json(payload / CODE_VERSION),
        status=status,
    )


def unpack_payload(members: Members, into: Path) -> Path:
    """Write the members of an archive, which has been verified, into an empty folder; return the folder of its payload."""
    for path in members.members:
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        with (into / path).open("wb") as file:
            file.writelines(members.pieces(path))
    return into / PAYLOAD


def check_code(archive: Path, payload: Path) -> None:
    """Check that an unpacked archive holds the code that it says made it.

    Raises
    ------
    WorkbenchError
        If it holds none: it was sealed by an earlier version.
    DamagedArchive
        If it is another.
    """
    package = payload / CODE / "workbench"
    version = read_json(payload / CODE_VERSION)
    if not package.is_dir():
        commit = f", commit {version['commit']}" if version.get("commit") else ""
        raise WorkbenchError(
            f"{archive.name} does not hold the code that made it",
            where=str(archive),
            expected=f"{CODE}/workbench/",
            found=f"{CODE_VERSION} alone",
            unchanged=_NOTHING_MADE,
            hint=f"take version {version['version']} of the workbench{commit}, and what the archive holds; see docs/how-to/reproduce.md",
        )
    if (found := code_digest(package=package)) != version["sha256"]:
        raise DamagedArchive(
            f"{archive.name} holds other code than it says made it",
            where=f"{archive}, {CODE}/workbench/",
            expected=f"sha256 {version['sha256']}",
            found=f"sha256 {found}",
            unchanged=_NOTHING_MADE,
            hint="take an intact copy of it from where it was published",
        )


def _sealed_runs(payload: Path, edition: str) -> list[SealedRun]:
    notebooks = sorted((payload / "studies").glob("*/*.ipynb"))
    return [_sealed_run(notebook, edition) for notebook in notebooks]


def _sealed_run(notebook: Path, edition: str) -> SealedRun:
    pages = read_json(notebook)["metadata"][METADATA]["pages"]
    about = next(iter(pages.values()))
    run = Run(about["study"], about["country"], about["year"], edition=edition)
    return SealedRun(run, tuple(sorted(pages)), tuple(sorted(notebook.parent.glob(f"{run.study}.*"))))


def _project(payload: Path, root: Path) -> Project:
    project = Project(root)
    project.outputs.mkdir(parents=True)
    for name in ("notebooks", "params", LOCK):
        shutil.move(payload / name, root / name)
    if (payload / "snapshots").is_dir():
        shutil.move(payload / "snapshots", project.snapshots)
    return project


def chosen(runs: Collection[SealedRun], studies: Collection[str], countries: Collection[str]) -> list[SealedRun]:
    """The runs of some studies and countries, of all where none is named.

    Raises
    ------
    RefusedRun
        If the archive has not got one of them, naming those that it has.
    """
    _refuse_absent("study", studies, {one.run.study for one in runs})
    _refuse_absent("country", countries, {one.run.country for one in runs})
    found = [
        one
        for one in runs
        if (not studies or one.run.study in studies) and (not countries or one.run.country in countries)
    ]
    if not found:
        raise RefusedRun(
            "the archive has none of these studies for these countries",
            expected=", ".join(f"{one.run.study} {one.run.country}" for one in runs),
            unchanged=_NOTHING_MADE,
        )
    return found


def _refuse_absent(kind: str, asked: Collection[str], there: Collection[str]) -> None:
    for name in asked:
        if name not in there:
            raise RefusedRun(
                f"the archive has no {kind} {name}",
                expected=f"one of {', '.join(sorted(there))}",
                found=name,
                unchanged=_NOTHING_MADE,
                hint=f"name one of those, or leave --{kind} out",
            )

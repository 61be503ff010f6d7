"""An archive is unpacked into a folder of its own, its studies are made again there by its own code, and compared."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.archiving.verify import open_archive, verify_members
from workbench.execution.local_pool import cores
from workbench.execution.processes import clear_temporary_folders, temporary_folder
from workbench.execution.run_files import RunFiles
from workbench.model.types import Run
from workbench.reproducing.differences import FORM, NUMBER, Difference, differences
from workbench.reproducing.environment import Change, changes, other_code, unprintable
from workbench.reproducing.made_again import made_again
from workbench.reproducing.unpacked import SealedRun, Unpacked, chosen, unpack

_PRINTED = ".pdf"

SAME, CLOSE, DIFFERS, FAILED = "same", "close", "differs", "failed"


@dataclass(frozen=True)
class ReproducedRun:
    """What became of a run.

    Attributes
    ----------
    files : dict
        The name of each file of the archive to what differs in it.
    skipped : dict
        The name of each file that could not be compared to the reason.
    failure : str or None
        Why it was not made.
    may_be_close : bool
        Whether packages have other versions, so that numbers need only be close.
    """

    run: Run
    files: dict[str, list[Difference]]
    skipped: dict[str, str]
    failure: str | None
    may_be_close: bool

    @property
    def state(self) -> str:
        """`SAME` bytes; `CLOSE`, if its numbers are, and versions excuse the rest; `DIFFERS` or `FAILED`."""
        if self.failure:
            return FAILED
        if not any(self.files.values()):
            return SAME
        return CLOSE if self.may_be_close and all(one.is_close for one in self._of_results()) else DIFFERS

    def _of_results(self) -> Iterator[Difference]:
        for name, found in self.files.items():
            if name.endswith(".csv"):
                yield from (one for one in found if one.kind == NUMBER)


@dataclass(frozen=True)
class Reproduction:
    """What became of an archive.

    Attributes
    ----------
    archive : str
        Its name.
    runs : list of ReproducedRun
        In the order of the archive.
    environment : list of Change
        What has another version here.
    other_code : str or None
        The version of its code, if another workbench is installed; its own code made the studies.
    """

    archive: str
    runs: list[ReproducedRun]
    environment: list[Change]
    other_code: str | None

    @property
    def is_reproduced(self) -> bool:
        """Whether every study came out the same, or close where versions differ."""
        return all(one.state in (SAME, CLOSE) for one in self.runs)


def reproduce(
    archive: Path,
    studies: Collection[str] = (),
    countries: Collection[str] = (),
    workers: int | None = None,
    progress: Callable[[Run, int], None] = lambda run, of: None,
) -> Reproduction:
    """Make the studies of an archive again, and compare them with those in it.

    Nothing is used but what the archive holds, and the Python and the packages that are installed; no network, no starter
    snapshots, no project. The folder in which it is done is temporary, and nothing else is written.

    Parameters
    ----------
    archive : Path
        Verified first.
    studies, countries : collection of str
        Only these; all by default.
    workers : int, optional
        Processes; as many as there are cores by default.
    progress : callable
        Called with each run that ends, and how many there are.

    Raises
    ------
    DamagedArchive
        If it is not as it was sealed.
    WorkbenchError
        If it holds no code, has not got what is asked for, or its code does not run here.
    """
    clear_temporary_folders()
    with temporary_folder("reproduce") as folder:
        with open_archive(archive) as members:
            unpacked = unpack(members, verify_members(members).name, Path(folder))
        runs = chosen(unpacked.runs, studies, countries)
        failures = {}
        asked = [(one.run, one.languages) for one in runs]
        for run, failure in made_again(
            unpacked.project, unpacked.code, asked, unpacked.status, workers or cores(), archive.name
        ):
            failures[str(run)] = failure
            progress(run, len(runs))
        environment, without_pdf = changes(unpacked.lock, unpacked.version), unprintable(unpacked.version)
        compared = [_compared(unpacked, one, failures[str(one.run)], without_pdf, bool(environment)) for one in runs]
    return Reproduction(archive.name, compared, environment, other_code(unpacked.version))


def _compared(
    unpacked: Unpacked, sealed: SealedRun, failure: str | None, without_pdf: str | None, may_be_close: bool
) -> ReproducedRun:
    made = RunFiles(unpacked.project, sealed.run).folder
    files: dict[str, list[Difference]] = {}
    skipped: dict[str, str] = {}
    for path in sealed.files if not failure else ():
        if path.suffix == _PRINTED and without_pdf:
            skipped[path.name] = without_pdf
        else:
            files[path.name] = _differences(path, made / path.name)
    return ReproducedRun(sealed.run, files, skipped, failure, may_be_close)


def _differences(sealed: Path, made: Path) -> list[Difference]:
    if not made.is_file():
        return [Difference(FORM, "it was not made again")]
    return differences(sealed.name, sealed.read_bytes(), made.read_bytes())

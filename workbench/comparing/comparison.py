"""Two sides are compared study by study; where both data and method changed, crossed runs take the differences apart."""

import platform
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workbench.comparing.changes import Corner, StudyChanges
from workbench.comparing.crossing import CrossedRuns, crossed_runs
from workbench.comparing.inputs import InputChange, input_changes
from workbench.comparing.side import Side
from workbench.comparing.sides import open_sides
from workbench.comparing.studies import StudyPair, on_one_side
from workbench.execution.fingerprint import LOCK
from workbench.execution.local_pool import cores
from workbench.execution.processes import clear_temporary_folders, temporary_folder
from workbench.model.paths import Project
from workbench.reproducing.environment import Change, changes


@dataclass(frozen=True)
class Comparison:
    """What became of an edition.

    Attributes
    ----------
    before, after : Side
        What was compared.
    studies : list of StudyChanges
        All studies of either, those that differ and those that do not.
    inputs : list of InputChange
        What differs of what they were made from.
    crossed : int
        How many crossed runs were made.
    packages : list of Change
        What has other versions here than in the list of a side whose method ran here.
    """

    before: Side
    after: Side
    studies: list[StudyChanges]
    inputs: list[InputChange]
    crossed: int
    packages: list[Change]

    @property
    def is_same(self) -> bool:
        """Whether nothing that is published differs, whatever it was made from."""
        return all(one.is_same for one in self.studies)

    @property
    def is_replacement(self) -> bool:
        """Whether the second replaces the first: a later revision of the same edition."""
        (before, old), (after, new) = self.before.numbered, self.after.numbered
        return before == after and old < new

    @property
    def corrections(self) -> list[tuple[str, Mapping[str, str]]]:
        """What the second declares as corrected and the first did not: the day, and the text by language."""
        if self.before.edition != self.after.edition:
            return []
        told = self.before.declaration["corrections"]
        return [one for one in self.after.declaration["corrections"] if one not in told]


Report = TypeVar("Report")


def compare(
    project: Project,
    names: tuple[str, str],
    report: Callable[[Comparison], Report],
    studies: Collection[str] = (),
    countries: Collection[str] = (),
    workers: int | None = None,
    progress: Callable[[int], None] = lambda of: None,
) -> Report:
    """Compare two sides, and report what was found.

    Parameters
    ----------
    project : Project
        Whose editions and working tree are named.
    names : tuple of str
        As for `workbench.comparing.sides.open_sides`.
    report : callable
        Called with what was found, while what was compared is still unpacked: afterwards its files are gone.
    studies, countries : collection of str
        Only these; all by default.
    workers : int, optional
        Processes for crossed runs; as many as there are cores by default.
    progress : callable
        Called after each crossed run with how many there are.

    Raises
    ------
    DamagedArchive
        If an archive is not as it was sealed, or does not agree with itself.
    WorkbenchError
        If a side is not there, has none of these studies, is not up to date or cannot be read.
    """
    clear_temporary_folders()
    with temporary_folder("compare") as folder:
        before, after = open_sides(project, names, studies, countries, Path(folder))
        return report(_compared(before, after, Path(folder), workers or cores(), progress))


def _compared(before: Side, after: Side, folder: Path, workers: int, progress: Callable[[int], None]) -> Comparison:
    keys = [*after.studies, *(key for key in before.studies if key not in after.studies)]
    pairs = {key: StudyPair.of(before, after, key) for key in keys if key in before.studies and key in after.studies}
    runs = _crossed(before, after, list(pairs.values()), folder, workers, progress)
    return Comparison(
        before,
        after,
        [
            pairs[key].changes(runs) if key in pairs else on_one_side(before.studies.get(key), after.studies.get(key))
            for key in keys
        ],
        input_changes(before, after),
        sum(len(one.results) for one in runs.values()),
        _other_packages([after if is_new else before for (is_new, _), one in runs.items() if one.results]),
    )


def _crossed(
    before: Side,
    after: Side,
    pairs: Sequence[StudyPair],
    folder: Path,
    workers: int,
    progress: Callable[[int], None],
) -> Mapping[Corner, CrossedRuns]:
    """The crossed runs that are needed, by method and data; those of one corner are made together."""
    wanted = {corner: [one.before for one in pairs if corner in one.runs] for pair in pairs for corner in pair.runs}
    many = sum(map(len, wanted.values()))
    return {
        (method, data): crossed_runs(
            after if method else before,
            after if data else before,
            studies,
            folder / f"crossed-{int(method)}{int(data)}",
            workers,
            lambda: progress(many),
        )
        for (method, data), studies in sorted(wanted.items())
    }


def _other_packages(sides: Sequence[Side]) -> list[Change]:
    """What has other versions here than where sides were made, each once."""
    here = {"python": platform.python_version()}
    found = [
        change
        for side in sides
        for change in changes((side.payload / LOCK).read_text("utf-8", "replace"), here | side.version)
    ]
    return list(dict.fromkeys(found))

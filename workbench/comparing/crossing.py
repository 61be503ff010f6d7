"""Crossed runs: the studies of one side are made by its own code, notebooks and declarations on the snapshots of the other."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from workbench.comparing.inputs import snapshots_held
from workbench.comparing.side import SealedStudy, Side, StudyKey, understood
from workbench.editions.archive_contents import CODE
from workbench.execution.fingerprint import LOCK
from workbench.execution.run_files import RunFiles
from workbench.model.errors import FailedRun
from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import read_results_csv
from workbench.model.types import BY, Result, Run, message
from workbench.page.status import DRAFT
from workbench.reproducing.made_again import made_again

NO_CODE = message("That side was sealed before archives held their code.")
NOT_THERE = message("That side has no such notebook.")


@dataclass
class CrossedRuns:
    """The runs of one method on some data: their results, and why some of them were not made."""

    results: dict[StudyKey, list[Result]] = field(default_factory=dict)
    failures: dict[StudyKey, str] = field(default_factory=dict)


def crossed_runs(
    method: Side,
    data: Side,
    studies: Sequence[SealedStudy],
    into: Path,
    workers: int,
    progress: Callable[[], None],
) -> CrossedRuns:
    """Make studies by the method of one side on the data of one.

    Parameters
    ----------
    method, data : Side
        Whose code, notebooks and declarations; and whose snapshots, and vintages as its edition pins them.
    studies : sequence of SealedStudy
        As the older side has them: they are made for its edition and reference years.
    into : Path
        An empty folder.
    workers : int
        Processes.
    progress : callable
        Called after each run.
    """
    made = CrossedRuns()
    able = [one for one in studies if (method.payload / "notebooks" / f"{one.study}.ipynb").is_file()]
    made.failures |= {one.key: NOT_THERE for one in studies if one not in able}
    if not (method.payload / CODE / "workbench").is_dir():
        made.failures |= {one.key: NO_CODE for one in able}
    elif able:
        project = _crossed_project(method, data, able[0].edition, into)
        for key, failure in _made(method, project, able, workers):
            progress()
            run = _run(next(one for one in able if one.key == key))
            if failure is None:
                made.results[key] = understood(RunFiles(project, run).results, read_results_csv)
            else:
                # Where it was tried is of this machine.
                made.failures[key] = failure.replace(f"{into}{os.sep}", "")
    return made


def _made(
    method: Side, project: Project, studies: Sequence[SealedStudy], workers: int
) -> Iterator[tuple[StudyKey, str | None]]:
    """Make studies together; where the code refuses one of them, it refuses all, and each is tried alone."""
    left = {one.key: one for one in studies}
    try:
        asked = [(_run(one), ()) for one in studies]
        for run, failure in made_again(project, method.payload / CODE, asked, DRAFT, workers, method.name):
            del left[run.study, run.country]
            yield (run.study, run.country), failure
    except FailedRun as refusal:
        if len(studies) == 1:
            yield studies[0].key, str(refusal)
            return
        for one in left.values():
            yield from _made(method, project, [one], workers)


def _run(study: SealedStudy) -> Run:
    return Run(study.study, study.country, study.year, edition=study.edition)


def _crossed_project(method: Side, data: Side, edition: str, root: Path) -> Project:
    """A project of the notebooks and declarations of one side and the snapshots of one.

    A dataset that the data do not hold at all came with the method, and so do its snapshots.
    """
    project = Project(root)
    for name in ("notebooks", "params"):
        shutil.copytree(method.payload / name, root / name)
    shutil.copy(method.payload / LOCK, root / LOCK)
    project.outputs.mkdir()
    held = snapshots_held(data)
    brought = {dataset: one for dataset, one in snapshots_held(method).items() if dataset not in held}
    vintages: dict[str, list[str]] = {}
    for side, datasets in ((data, held), (method, brought)):
        for dataset in datasets:
            for folder in (side.payload / "snapshots").glob(f"*/{dataset}"):
                shutil.copytree(folder, project.snapshots / folder.parent.name / dataset)
        vintages |= _pinned_and_held(side, datasets)
    declared = {**method.declaration, "vintages": vintages}
    del declared["corrections"]  # no number depends on them
    write_whole(project.params / "editions" / f"{edition}.yaml", yaml.safe_dump(declared, allow_unicode=True))
    return project


def _pinned_and_held(side: Side, datasets: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """The vintages of some datasets that an edition pins, of those that are there: older archives hold what was read alone."""
    found = {
        name: [vintage for vintage in one if vintage in datasets.get(name.partition(BY)[0], ())]
        for name, one in side.declaration["vintages"].items()
    }
    return {name: one for name, one in found.items() if one}

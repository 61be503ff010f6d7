"""The report of a comparison: a folder with a page in each language and files of numbers, texts and inputs; and JSON."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.comparing.changes import RUNS, StudyChanges
from workbench.comparing.comparison import Comparison
from workbench.comparing.json_form import as_json
from workbench.comparing.page import page_html
from workbench.comparing.parts import DATA, METHOD, PERIOD
from workbench.comparing.ranking import ranked
from workbench.model.counted import counted
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.model.results_csv import csv_cell
from workbench.model.types import Result
from workbench.presentation.wording import SOURCE_LANGUAGE, index_name, languages

NUMBERS, TEXTS, INPUTS = "numbers.csv", "texts.csv", "inputs.csv"

_SIDE_COLUMNS = ("value", "low", "high", "unit", "flags", "dataset", "vintage")
_PARTS = (DATA, METHOD, PERIOD)


@dataclass(frozen=True)
class Report:
    """What is told of a comparison, whose sides need not be there any more.

    Attributes
    ----------
    is_same : bool
        Whether nothing that is published differs.
    lines : list of str
        For a terminal.
    as_json : dict
        For programs.
    """

    is_same: bool
    lines: list[str]
    as_json: dict[str, Any]


def refuse_other(folder: Path) -> None:
    """Refuse a folder that is there and is no report.

    Raises
    ------
    WorkbenchError
        If it is.
    """
    if folder.exists() and not (folder / NUMBERS).is_file():
        raise WorkbenchError(
            "there is something else where the report should be",
            where=str(folder),
            expected="an older report, or nothing",
            unchanged="nothing was written",
            hint="name another folder: --output",
        )


def write_report(project: Project, found: Comparison, folder: Path | None = None) -> Report:
    """Write the report as a folder, in place of an older one; a reader sees the old one or the new one, whole.

    Parameters
    ----------
    project : Project
        Whose it is.
    found : Comparison
        What to report.
    folder : Path, optional
        Where; by default in ``outputs/comparisons/``, by the names of both sides.

    Raises
    ------
    WorkbenchError
        If something else is there already.
    """
    folder = folder or project.outputs / "comparisons" / f"{found.before.name}--{found.after.name}"
    refuse_other(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.parent.glob(f".{folder.name}.*.tmp"):
        shutil.rmtree(left_behind)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.", suffix=".tmp") as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for name, content in _files(project, found).items():
            (made / name).write_text(content, encoding="utf-8", newline="")
        if folder.exists():
            os.replace(folder, Path(temporary) / "before")
        os.replace(made, folder)
    shown = folder.relative_to(project.root) if folder.is_relative_to(project.root) else folder
    page = (shown / index_name(SOURCE_LANGUAGE)).as_posix()
    return Report(found.is_same, [*_lines(found), page], as_json(found, folder))


def _files(project: Project, found: Comparison) -> dict[str, str]:
    return {
        **{index_name(language): page_html(project, found, language) for language in languages()},
        NUMBERS: _csv(_number_rows(found)),
        TEXTS: _csv(_text_rows(found)),
        INPUTS: _csv([("kind", "name", "state"), *((one.kind, one.name, one.state) for one in found.inputs)]),
    }


def _csv(rows: Iterable[Iterable[str | float | None]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(["" if cell is None else csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _number_rows(found: Comparison) -> Iterator[list[str | float | None]]:
    """A row for each number of each study that differs, in the order of its rank."""
    yield [
        "rank", "study", "country", "kind", "key_finding", "indicator", "geo", "breakdown", "time",
        *(f"{when}_{column}" for when in ("before", "after") for column in _SIDE_COLUMNS),
        "difference", *(f"part_{part}" for part in _PARTS), "causes", "orders",
    ]  # fmt: skip
    for rank, one in enumerate(ranked(found.studies), 1):
        change, number = one.change, one.change.pair.any
        for study in one.studies:
            yield [
                rank, study.study, study.country, one.kind, "yes" if change.is_headline else "no", *number.key[:4],
                *_cells(change.pair.before), *_cells(change.pair.after),
                change.difference, *(change.parts.of(part) if change.parts else None for part in _PARTS),
                "; ".join(change.causes), "; ".join(change.orders),
            ]  # fmt: skip


def _cells(result: Result | None) -> list[str | float | None]:
    return [getattr(result, column) if result else None for column in _SIDE_COLUMNS]


def _text_rows(found: Comparison) -> Iterator[tuple[str, ...]]:
    yield "study", "country", "language", "kind", "before", "after"
    for study in found.studies:
        for language, changes in study.texts.items():
            for one in changes:
                yield study.either.study, study.either.country, language, one.kind, one.before, one.after


def _lines(found: Comparison) -> Iterator[str]:
    """The comparison in a few lines, for a terminal."""
    yield f"{found.after.name} compared with {found.before.name}"
    if found.is_replacement:
        yield f"  {found.after.name} replaces {found.before.name}"
    yield from (f"  corrected {day}: {next(iter(said.values()), '')}" for day, said in found.corrections)
    for study in found.studies:
        if not study.is_same:
            yield f"  {study.either.study} {study.either.country}: {_said(study)}"
            yield from (
                f"    not run: {RUNS[corner]}: {' '.join(reason.splitlines()[:2])}" for corner, reason in study.failures
            )
    same = sum(one.is_same for one in found.studies)
    yield f"the same is published by {same} of {counted(len(found.studies), 'study', 'studies')}; crossed runs: {found.crossed}"


def _said(study: StudyChanges) -> str:
    causes: dict[str, int] = {}
    for one in study.numbers:
        name = " and ".join(one.causes) or "not known"
        causes[name] = causes.get(name, 0) + 1
    told = ", ".join(f"by {name}: {many}" for name, many in causes.items())
    texts, figures = (max(map(len, one.values()), default=0) for one in (study.texts, study.figures))
    numbers = f"numbers: {len(study.numbers)}" + (f" ({told})" if told else "")
    return f"{numbers}, texts: {texts}, figures: {figures}"

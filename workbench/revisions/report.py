"""The report of revisions: a summary, all changes as CSV, and a figure for one country."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.data.observations import rows
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import code_list
from workbench.declarations.datasets import read_dataset
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import UnknownCode
from workbench.model.paths import Project, whole_file, write_whole
from workbench.model.results_csv import csv_cell
from workbench.model.types import NOT_AVAILABLE, TOTALS, Result
from workbench.presentation.charts.svg import standalone
from workbench.presentation.wording import Wording
from workbench.revisions.chart import RevisedSeries
from workbench.revisions.compare import Revisions, changes, compare
from workbench.revisions.coverage import PLACE, Coverage, total_in_both
from workbench.revisions.summary import summary_text
from workbench.revisions.vintage_diff import CHANGE_COLUMNS

# Shown by title, unit, headline and time axis.
_SHOWN_ELSEWHERE = ("freq", "unit", "agedef", PLACE)


@dataclass(frozen=True)
class RevisionReport:
    """The summary, and the files with the changes and the figure."""

    summary: str
    changes: Path
    figure: Path


def write_revisions(
    project: Project, dataset: str, older: str, newer: str, country: str, language: str
) -> RevisionReport:
    """Compare two vintages of a dataset and write what changed.

    Parameters
    ----------
    older, newer : str
        Vintages.
    country : str
        The country whose series the figure shows; a dataset without places is shown as a whole.
    language : str
        Of the summary and the figure.

    Returns
    -------
    Written
        ``outputs/revisions/<dataset>_<older>_<newer>.csv`` has a row for each observation that is new, gone, revised
        or reflagged; ``…_<country>.<language>.svg`` the series of both vintages.

    Raises
    ------
    WorkbenchError
        If the dataset is not declared, a vintage does not exist, their dimensions differ, or the country or language is
        unknown; then nothing is written.
    """
    declaration = read_dataset(project, dataset)
    store = SnapshotStore.of(project)
    snapshots = store.open(dataset, older), store.open(dataset, newer)
    code_list(PLACE).code(country)
    wording = Wording(language, read_indicators(project))
    found = compare(*snapshots, declaration)
    figure = _figure(found.coverage, country, wording)
    folder, stem = project.outputs / "revisions", f"{dataset}_{older}_{newer}"
    return RevisionReport(
        summary_text(found, wording),
        _write_changes(found, folder / f"{stem}.csv"),
        write_whole(folder / f"{stem}_{country}.{language}.svg", figure),
    )


def _write_changes(found: Revisions, path: Path) -> Path:
    """Write all changes, place by place, to a file that exists only once it is complete."""
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*found.coverage.axes, *CHANGE_COLUMNS])
        for part in changes(found):
            writer.writerows(zip(*(map(csv_cell, part[column].tolist()) for column in part)))
        # The wrapper must not close the file.
        text.detach()
    return path


def _figure(coverage: Coverage, country: str, wording: Wording) -> str:
    declaration = coverage.declaration
    has_places = PLACE in coverage.dimensions
    codes = total_in_both(coverage, country)
    older, newer = (_series(snapshot, coverage, codes) for snapshot in (coverage.older, coverage.newer))
    chart = RevisedSeries(
        older,
        newer,
        place=wording.label(PLACE, country) if has_places else declaration.dataset,
        subtitle=" · ".join(
            [wording.text(declaration.title), *_labels_of(codes, wording), wording.unit(declaration.unit)]
        ),
        source=wording.text("Source: {provider}, {dataset}, vintages of {older} and {newer}").format(
            provider=declaration.provider,
            dataset=declaration.dataset,
            older=coverage.older.id.vintage,
            newer=coverage.newer.id.vintage,
        ),
    )
    return standalone(chart.svg(wording, "revisions"))


def _labels_of(codes: Mapping[str, str] | None, wording: Wording) -> list[str]:
    """The labels of the codes that are not totals, which a reader must know."""
    if codes is None:
        return []
    single = {name: code for name, code in codes.items() if code not in TOTALS and name not in _SHOWN_ELSEWHERE}
    return [_label(wording, name, code) for name, code in single.items()] or [wording.text("Total")]


def _label(wording: Wording, dimension: str, code: str) -> str:
    try:
        return wording.label(dimension, code)
    except UnknownCode:
        # Not every dimension of every provider has a code list.
        return f"{dimension} {code}"


def _series(snapshot: Snapshot, coverage: Coverage, codes: Mapping[str, str] | None) -> tuple[Result, ...]:
    """A series with all periods of either vintage, so that gaps are visible."""
    if codes is None:
        return ()
    found = rows(snapshot, coverage.declaration, {name: [code] for name, code in codes.items()}).set_index("time")
    times = sorted({*coverage.common["time"], *coverage.only_older["time"], *coverage.only_newer["time"]})
    flags = (found["obs_status"] + found["conf_status"]).reindex(times, fill_value=NOT_AVAILABLE)
    return tuple(
        Result(
            indicator=coverage.declaration.dataset,
            geo=codes.get(PLACE, ""),
            breakdown="",
            time=time,
            value=value,
            low=value,
            high=value,
            unit=coverage.declaration.unit,
            flags=flags[time],
            dataset=coverage.declaration.dataset,
            vintage=snapshot.id.vintage,
        )
        for time, value in found["value"].reindex(times).items()
    )

"""What a provider revised, told: a summary, all changes as CSV, and a figure for one country."""

import csv
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas

from workbench.data.revisions import KINDS, Revisions, changes, compare, totals
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import code_list
from workbench.declarations.datasets import DatasetDeclaration, read_dataset
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import csv_cell
from workbench.model.words import Result, message
from workbench.presentation.charts.revised import Revised
from workbench.presentation.charts.style import FAINT, INK, styled
from workbench.presentation.charts.svg import standalone, svg
from workbench.presentation.wording import Wording

_COLUMNS = ("older", "newer", "difference", "difference_pct", "older_flags", "newer_flags", "change")
_NAMES = {
    "new": message("new: no value before, one now"),
    "gone": message("gone: a value before, none now"),
    "revised": message("revised: another value"),
    "reflagged": message("reflagged: the same value, other flags"),
    "unchanged": message("unchanged"),
}


@dataclass(frozen=True)
class Written:
    """The summary, and the files that were written."""

    summary: str
    changes: Path
    figure: Path


def write_revisions(project: Project, dataset: str, older: str, newer: str, country: str, language: str) -> Written:
    """Compare two vintages of a dataset and write what changed.

    Parameters
    ----------
    older, newer : str
        Vintages.
    country : str
        Whose series the figure shows.
    language : str
        Of the summary and the figure.

    Returns
    -------
    Written
        ``outputs/revisions/<dataset>_<older>_<newer>.csv`` holds a row for each observation that is new, gone, revised
        or reflagged; ``…_<country>.<language>.svg`` the series of both vintages.

    Raises
    ------
    WorkbenchError
        If the dataset is not declared, a vintage is not there, or the country or language is none; nothing is written then.
    """
    declaration = read_dataset(project, dataset)
    store = SnapshotStore.of(project)
    snapshots = store.open(dataset, older), store.open(dataset, newer)
    code_list("geo").code(country)
    wording = Wording(language, read_indicators(project))
    found = compare(*snapshots, declaration)
    folder = project.outputs / "revisions"
    stem = f"{dataset}_{older}_{newer}"
    figure = _figure(declaration, snapshots, country, wording)
    return Written(
        summary(found, wording),
        _write_changes(changes(*snapshots, declaration), found.dimensions, folder / f"{stem}.csv"),
        write_whole(folder / f"{stem}_{country}.{language}.svg", figure),
    )


def summary(found: Revisions, wording: Wording) -> str:
    """The revisions as a table of text."""

    def line(name: str, *cells: str) -> str:
        return f"{name:44}{'  '.join(cells)}".rstrip()

    lines = [f"{found.older.id.dataset}: {found.older.id.vintage} → {found.newer.id.vintage}"]
    lines += [line(wording.text(name), f"{wording.number(found.counts[kind]):>12}") for kind, name in _NAMES.items()]
    if found.counts["revised"]:
        share = wording.number(found.share_revised_pct, "%", decimals=1)
        lines.append(line(wording.text("revised, of those with a value in both"), f"{share:>12} %"))
        lines.append(
            line(wording.text("raised / lowered"), f"{wording.number(found.up):>12} / {wording.number(found.down)}")
        )
        median = wording.number(found.median_pct, "%", decimals=1)
        lines.append(
            line(wording.text("median revision"), f"{wording.number(found.median, decimals=1):>12} ({median} %)")
        )
        lines.append(line(wording.text("largest revision"), _largest(found, wording)))
    for vintage, codes in ((found.older.id.vintage, found.only_older), (found.newer.id.vintage, found.only_newer)):
        apart = "; ".join(f"{axis}: {_few(names)}" for axis, names in codes.items() if names)
        if apart:
            lines.append(line(wording.text("only in {vintage}, not compared").format(vintage=vintage), apart))
    return "\n".join(lines)


def _largest(found: Revisions, wording: Wording) -> str:
    row = found.largest
    key = ", ".join(str(row[axis]) for axis in (*found.dimensions, "time"))
    return f"{wording.number(row['older']):>12} → {wording.number(row['newer'])} ({key})"


def _few(names: list[str], most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} … ({len(names)})"


def _write_changes(parts: Iterable[pandas.DataFrame], dimensions: tuple[str, ...], path: Path) -> Path:
    """Write all changes, place by place; the file is there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [*dimensions, "time", *_COLUMNS]
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for part in parts:
                changed = part[part["change"].isin(KINDS)]
                writer.writerows([csv_cell(cell) for cell in row] for row in changed[columns].itertuples(index=False))
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def _figure(
    declaration: DatasetDeclaration, snapshots: tuple[Snapshot, Snapshot], country: str, wording: Wording
) -> str:
    series = [_results(totals(snapshot, declaration, country), snapshot, declaration) for snapshot in snapshots]
    chart = Revised(*series)
    place = wording.label("geo", country)
    with styled():
        drawing = chart.draw(wording)
        drawing.suptitle(_headline(series, place, wording), x=0.01, ha="left", fontsize=12, color=INK)
        subtitle = wording.text("{dataset}, total, {unit}: two vintages").format(
            dataset=declaration.dataset, unit=wording.unit(declaration.unit)
        )
        drawing.axes[0].set_title(subtitle, loc="left", fontsize=9, color=FAINT)
    return standalone(svg(drawing, "revisions", f"{_headline(series, place, wording)} {chart.describe(wording)}"))


def _headline(series: list[tuple[Result, ...]], place: str, wording: Wording) -> str:
    """What happened to the figure that was revised most."""
    older, newer = ({result.time: result for result in results if result.is_available} for results in series)
    both = [(older[time], newer[time]) for time in sorted(older.keys() & newer.keys())]
    if not both:
        return wording.text("{place}: the two vintages have no total in common").format(place=place)
    before, now = max(both, key=lambda pair: abs(pair[1].value - pair[0].value))
    if before.value == now.value:
        return wording.text("{place}: no total was revised").format(place=place)
    return wording.text("{place}, {time}: {before} became {now}").format(
        place=place, time=before.time, before=wording.value(before), now=wording.value(now)
    )


def _results(frame: pandas.DataFrame, snapshot: Snapshot, declaration: DatasetDeclaration) -> tuple[Result, ...]:
    return tuple(
        Result(
            indicator=declaration.dataset,
            geo=row.geo,
            breakdown="",
            time=row.time,
            value=row.value,
            low=row.value,
            high=row.value,
            unit=declaration.unit,
            flags="".join(sorted({*row.obs_status, *row.conf_status})),
            dataset=declaration.dataset,
            vintage=snapshot.id.vintage,
        )
        for row in frame.itertuples(index=False)
    )

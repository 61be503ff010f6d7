"""What a provider revised, told: a summary, all changes as CSV, and a figure for one country."""

import csv
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.data.observations import rows
from workbench.data.revisions import (
    CHANGE_COLUMNS,
    KINDS,
    PLACE,
    UNCHANGED,
    Coverage,
    Revisions,
    Tally,
    changes,
    compare,
    total_in_both,
)  # fmt: skip
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import code_list
from workbench.declarations.datasets import read_dataset
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import UnknownCode
from workbench.model.paths import Project, write_whole
from workbench.model.results_csv import csv_cell
from workbench.model.words import NOT_AVAILABLE, TOTALS, Result, message
from workbench.presentation.charts.revisions import RevisedSeries
from workbench.presentation.charts.style import styled
from workbench.presentation.charts.svg import standalone, svg
from workbench.presentation.wording import Wording

_NAMES = {
    UNCHANGED: message("unchanged"),
    "reflagged": message("reflagged: the same value, other flags"),
    "revised": message("revised: another value"),
    "new": message("new: no value before, one now"),
    "gone": message("gone: a value before, none now"),
}
_COLUMNS = (
    message("compared"), message("revised"), message("share, %"), message("median"), message("median, %"),
    message("largest"), message("new"), message("gone"),
)  # fmt: skip
_MOST_BREAKDOWNS = 8
# Title, unit, headline and the axis of time say these.
_SAID_ELSEWHERE = ("freq", "unit", "agedef", PLACE)


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
        Whose series the figure shows; a dataset without places is shown as a whole.
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
        If the dataset is not declared, a vintage is not there, their dimensions differ, or the country or language is
        none; nothing is written then.
    """
    declaration = read_dataset(project, dataset)
    store = SnapshotStore.of(project)
    snapshots = store.open(dataset, older), store.open(dataset, newer)
    code_list(PLACE).code(country)
    wording = Wording(language, read_indicators(project))
    found = compare(*snapshots, declaration)
    figure = _figure(found.coverage, country, wording)
    folder, stem = project.outputs / "revisions", f"{dataset}_{older}_{newer}"
    return Written(
        summary_text(found, wording),
        _write_changes(found, folder / f"{stem}.csv"),
        write_whole(folder / f"{stem}_{country}.{language}.svg", figure),
    )


# The summary


def summary_text(found: Revisions, wording: Wording) -> str:
    """The revisions as text: how many of each kind, by how much, in which breakdowns and years, and what is not compared."""
    older, newer = found.coverage.older, found.coverage.newer
    parts = [
        [f"{older.id.dataset}: {older.id.vintage} → {newer.id.vintage}"],
        _counts(found.whole, wording),
        _measures(found, wording) if found.largest is not None else [],
        _table(found, wording),
        [*_apart(found, wording), *_reservations(found, wording)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _line(name: str, value: str, more: str = "") -> str:
    return f"{name:42}{value:>14}  {more}".rstrip()


def _counts(tally: Tally, wording: Wording) -> list[str]:
    lines = [_line(wording.text("compared: a value in both"), wording.number(tally.compared))]
    for kind, name in _NAMES.items():
        zeros = tally.zeros.get(kind)
        more = wording.text("({number} of them zero)").format(number=wording.number(zeros)) if zeros else ""
        lines.append(_line(wording.text(name), wording.number(tally.counts[kind]), more))
    return lines


def _measures(found: Revisions, wording: Wording) -> list[str]:
    tally, row = found.whole, found.largest
    codes = ", ".join(
        f"{axis} {row[axis]}" for axis in [*found.coverage.varying, "time"] if axis == PLACE or row[axis] not in TOTALS
    )
    values = f"{_amount(row['older'], wording)} → {_amount(row['newer'], wording)}"
    pct = f"{wording.number(tally.median_pct, decimals=1)} %"
    return [
        _line(
            wording.text("revised, of those with a value in both"),
            f"{wording.number(tally.share_revised_pct, decimals=1)} %",
        ),
        _line(wording.text("raised / lowered"), f"{wording.number(tally.up)} / {wording.number(tally.down)}"),
        _line(
            wording.text("median revision"), _amount(tally.median, wording), f"({pct})" if tally.median_pct > 0 else ""
        ),
        _line(wording.text("largest revision"), _amount(tally.largest, wording), f"({values}: {codes})"),
    ]


def _table(found: Revisions, wording: Wording) -> list[str]:
    """A row for each breakdown, the coarsest first, if there are several; and for each year in which something changed."""
    by_depth = sorted(found.by_breakdown, key=lambda name: (bool(name), name.count(";"), name))
    breakdowns = {_breakdown(name, wording): found.by_breakdown[name] for name in by_depth[:_MOST_BREAKDOWNS]}
    years = {year: tally for year, tally in found.by_year.items() if any(tally.counts[kind] for kind in KINDS)}
    if not years:
        return []
    table = [["", *map(wording.text, _COLUMNS)]]
    table += [
        [name, *_cells(tally, wording)] for name, tally in ((breakdowns if len(by_depth) > 1 else {}) | years).items()
    ]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = [
        "  ".join([name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:]))]).rstrip()
        for name, *cells in table
    ]
    if more := len(by_depth) - len(breakdowns):
        lines.append(wording.text("breakdowns not listed: {number}").format(number=more))
    if unchanged := len(found.by_year) - len(years):
        lines.append(wording.text("years in which nothing changed: {number}").format(number=unchanged))
    return lines


def _breakdown(name: str, wording: Wording) -> str:
    return name.replace(";", " × ") or wording.text("Total")


def _cells(tally: Tally, wording: Wording) -> list[str]:
    def one(value: float) -> str:
        return wording.number(value, decimals=1) if not math.isnan(value) else "–"

    return [
        wording.number(tally.compared),
        wording.number(tally.counts["revised"]),
        one(tally.share_revised_pct),
        _amount(tally.median, wording),
        one(tally.median_pct),
        _amount(tally.largest, wording),
        wording.number(tally.counts["new"]),
        wording.number(tally.counts["gone"]),
    ]


def _amount(value: float, wording: Wording) -> str:
    """A number in the dataset's unit, with a decimal where it has one."""
    if math.isnan(value):
        return "–"
    return wording.number(value, decimals=0 if float(value).is_integer() else 1)


def _apart(found: Revisions, wording: Wording) -> list[str]:
    lines = []
    for snapshot, codes, breakdowns in (
        (found.coverage.older, found.coverage.only_older, found.breakdowns_only_older),
        (found.coverage.newer, found.coverage.only_newer, found.breakdowns_only_newer),
    ):
        cut = [f"  {axis}: {_few(names)}" for axis, names in codes.items() if names]
        for name, number in breakdowns.items():
            said = wording.plural("{number} observation", "{number} observations", number)
            cut.append(f"  {_breakdown(name, wording)}: {said.format(number=wording.number(number))}")
        if cut:
            lines += [wording.text("only in {vintage}, not compared").format(vintage=snapshot.id.vintage), *cut]
    return lines


def _reservations(found: Revisions, wording: Wording) -> list[str]:
    """What the vintages themselves leave out: an observation may be new or gone for that."""
    flags = wording.text("{vintage} holds no flags: what is reflagged may only not have been recorded there")
    omits = wording.text("{vintage} leaves out: {omitted}")
    lines = [flags.format(vintage=vintage) for vintage in found.without_flags]
    for snapshot in (found.coverage.older, found.coverage.newer):
        if snapshot.card.omitted:
            omitted = wording.text(snapshot.card.omitted)
            lines.append(omits.format(vintage=snapshot.id.vintage, omitted=omitted))
    return lines


def _few(names: list[str], most: int = 6) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} … {names[-1]} ({len(names)})"


# The files


def _write_changes(found: Revisions, path: Path) -> Path:
    """Write all changes, place by place; the file is there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*found.coverage.axes, *CHANGE_COLUMNS])
            for part in changes(found):
                writer.writerows([csv_cell(cell) for cell in row] for row in part.itertuples(index=False))
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
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
        subtitle=" · ".join([wording.text(declaration.title), *_named(codes, wording), wording.unit(declaration.unit)]),
        source=wording.text("Source: {provider}, {dataset}, vintages of {older} and {newer}").format(
            provider=declaration.provider,
            dataset=declaration.dataset,
            older=coverage.older.id.vintage,
            newer=coverage.newer.id.vintage,
        ),
    )
    with styled():
        drawing = chart.draw(wording)
    return standalone(svg(drawing, "revisions", chart.describe(wording)))


def _named(codes: Mapping[str, str] | None, wording: Wording) -> list[str]:
    """The codes that are no totals, where the series is of such: a reader must know of what."""
    if codes is None:
        return []
    single = {name: code for name, code in codes.items() if code not in TOTALS and name not in _SAID_ELSEWHERE}
    return [_label(wording, name, code) for name, code in single.items()] or [wording.text("Total")]


def _label(wording: Wording, dimension: str, code: str) -> str:
    try:
        return wording.label(dimension, code)
    except UnknownCode:
        # Not every dimension of every provider has a code list here.
        return f"{dimension} {code}"


def _series(snapshot: Snapshot, coverage: Coverage, codes: Mapping[str, str] | None) -> tuple[Result, ...]:
    """A series with all periods that either vintage has, so that a gap is seen."""
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

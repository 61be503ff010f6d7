"""The summary of revisions, as a table of text for the command line."""

import math

import pandas

from workbench.model.types import TOTALS, message
from workbench.presentation.wording import Wording
from workbench.revisions.compare import Revisions, Tally
from workbench.revisions.coverage import PLACE, Coverage
from workbench.revisions.vintage_diff import KINDS, UNCHANGED

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


def summary_text(found: Revisions, wording: Wording) -> str:
    """The revisions as text: how many of each kind, by how much, in which breakdowns and years, and what was not compared."""
    older, newer = found.coverage.older, found.coverage.newer
    parts = [
        [f"{older.id.dataset}: {older.id.vintage} → {newer.id.vintage}"],
        _counts(found.whole, wording),
        _measures(found.whole, found.largest, found.coverage, wording) if found.largest is not None else [],
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


def _measures(tally: Tally, row: pandas.Series, coverage: Coverage, wording: Wording) -> list[str]:
    codes = ", ".join(
        f"{axis} {row[axis]}" for axis in [*coverage.varying, "time"] if axis == PLACE or row[axis] not in TOTALS
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
    """A row for each breakdown, if there are several, the coarsest first; and for each year in which anything changed."""
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
    """A number in the dataset's unit, with a decimal if it has one."""
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
    """What the vintages themselves omit, which may be why an observation is new or gone."""
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

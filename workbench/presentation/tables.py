"""Results as HTML tables: real rows and columns, units in the headers, flags in the open with their legend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from workbench.model.words import TOTALS, Result, message
from workbench.presentation.sentences import flag_label, flags_html, number_html
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Axis:
    """What stands along the rows or the columns: ``indicator``, ``geo``, ``time``, ``dataset`` (with its vintage) or a
    dimension of the breakdown."""

    name: str

    def key(self, result: Result) -> str:
        """Where on the axis a result stands."""
        if self.name in ("indicator", "geo", "time"):
            return getattr(result, self.name)
        if self.name == "dataset":
            return ", ".join(f"{dataset} {vintage}" for dataset, vintage in result.sources)
        return result.code(self.name)

    def label(self, wording: Wording, key: str) -> str:
        """How the reader sees it."""
        if self.name == "indicator":
            return wording.indicator(key)
        if key in TOTALS:
            return wording.text("Total")
        return key if self.name in ("time", "dataset") else wording.label(self.name, key)

    def heading(self, wording: Wording) -> str:
        """The heading above the row labels."""
        return wording.text(_AXIS_HEADINGS[self.name])


_AXIS_HEADINGS = {
    "indicator": message("Indicator"),
    "geo": message("Country"),
    "time": message("Period"),
    "dataset": message("Dataset and vintage"),
    "citizen": message("Citizenship"),
    "age": message("Age"),
    "sex": message("Sex"),
    "reason": message("Reason"),
    "apprehen": message("Place of apprehension"),
    "decision": message("Decision"),
    "route": message("Route"),
    "duration": message("Duration"),
}


def table_html(
    wording: Wording, results: Sequence[Result], rows: str, columns: str, caption: str, emphasised: str = ""
) -> str:
    """Lay results out as a table.

    Parameters
    ----------
    wording : Wording
        The language.
    results : sequence of Result
        One for each cell; the order of rows and columns is that of their first appearance.
    rows, columns : str
        The axes; see `Axis`. With columns by anything but indicator, the unit stands beside the caption's place.
    caption : str
        HTML of the caption.
    emphasised : str
        Key of a row to set off: the country that the study is about.

    Returns
    -------
    str
        A ``<table>`` with ``scope`` on every header.
    """
    down, across, cells = layout(results, rows, columns)
    row_keys, column_keys = (list(dict.fromkeys(keys)) for keys in zip(*cells)) if cells else ([], [])
    units, row_units = units_of(wording, results, down, across)
    head = "".join(
        f'<th scope="col">{escape(across.label(wording, key))}{_unit_html(units[key])}</th>' for key in column_keys
    )
    body = "\n".join(
        f"<tr{_emphasis(key == emphasised)}>"
        f'<th scope="row">{escape(down.label(wording, key))}{_unit_html(row_units.get(key, ""))}</th>'
        + "".join(_cell(wording, cells.get((key, column))) for column in column_keys)
        + "</tr>"
        for key in row_keys
    )
    return (
        f"<table>\n<caption>{caption}</caption>\n"
        f'<thead><tr><th scope="col">{escape(down.heading(wording))}</th>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def legend_html(wording: Wording, results: Iterable[Result]) -> str:
    """What the flags that occur among the results mean, and the footnotes of names; empty where there are none."""
    results = list(results)
    flags = flag_lines(wording, results)
    legend = f'<p class="legend">{escape(wording.text("Flags"))}: {escape("; ".join(flags))}.</p>' if flags else ""
    return legend + "".join(
        f'<p class="legend">{escape(name)} {escape(text)}</p>' for name, text in footnotes(wording, results)
    )


def footnotes(wording: Wording, results: Iterable[Result]) -> list[tuple[str, str]]:
    """The names among the results that something must be said of, each with what that is, in the order of the names."""
    results = list(results)
    codes = {result.geo for result in results} | {result.code("citizen") for result in results} - set(TOTALS)
    said = {(wording.label("citizen", code), wording.footnote("citizen", code)) for code in codes}
    return sorted(((name, text) for name, text in said if text), key=lambda row: (wording.sort_key(row[0]), row))


def flag_lines(wording: Wording, results: Iterable[Result]) -> list[str]:
    """What the flags that occur among the results mean: ``[b] break in time series``."""
    return [f"[{flag}] {flag_label(wording, flag)}" for flag in sorted({f for result in results for f in result.flags})]


def layout(results: Iterable[Result], rows: str, columns: str) -> tuple[Axis, Axis, dict[tuple[str, str], Result]]:
    """The axes of a table, and its cells by their keys on both; order is that of first appearance."""
    down, across = Axis(rows), Axis(columns)
    return down, across, {(down.key(result), across.key(result)): result for result in results}


def units_of(
    wording: Wording, results: Sequence[Result], down: Axis, across: Axis
) -> tuple[dict[str, str], dict[str, str]]:
    """The unit of each column; and, where a column has several, that of each row instead."""
    of_columns, of_rows = _units_along(wording, results, across), _units_along(wording, results, down)
    return of_columns, {} if all(of_columns.values()) else of_rows


def _units_along(wording: Wording, results: Iterable[Result], axis: Axis) -> dict[str, str]:
    by_key: dict[str, list[Result]] = {}
    for result in results:
        by_key.setdefault(axis.key(result), []).append(result)
    return {key: unit_of(wording, own) for key, own in by_key.items()}


def unit_of(wording: Wording, results: Sequence[Result]) -> str:
    """The name of the unit that all results have; empty where they have several."""
    units = {result.unit for result in results}
    return wording.unit(units.pop()) if len(units) == 1 else ""


def _unit_html(unit: str) -> str:
    return f'<span class="unit">{escape(unit)}</span>' if unit else ""


def _emphasis(emphasised: bool) -> str:
    return ' class="emphasised"' if emphasised else ""


def _cell(wording: Wording, result: Result | None) -> str:
    return f"<td>{number_in_cell_html(wording, result) if result else ''}</td>"


def number_in_cell_html(wording: Wording, result: Result) -> str:
    """A number without its unit, which stands in a header; its flags beside it, or in its place."""
    if not result.is_available:
        return number_html(wording, result, wording.value(result))
    return number_html(wording, result, wording.number(result.value, result.unit)) + flags_html(result)

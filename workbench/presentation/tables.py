"""Results as HTML tables: real rows and columns, units in the headers, flags shown with their legend."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from workbench.model.errors import InconsistentResult
from workbench.model.periods import in_a_year, number_in_year, year_of
from workbench.model.types import TOTALS, Result, message
from workbench.presentation.annex_columns import CHANGE, annex_column_label, annex_column_of, without_annex_columns
from workbench.presentation.sentences import flag_label, flags_html, number_html, whole_dates_html
from workbench.presentation.wording import Wording, shown_flags


@dataclass(frozen=True)
class Axis:
    """What runs along the rows or the columns: ``indicator``, ``geo``, ``time``, ``dataset`` (with its vintage), a
    dimension of the breakdown, or several of these: ``indicator+dataset``; in a statistical annex ``series``, and
    ``standing``: when, how changed, where in the Union. ``year`` and ``month`` part the time of monthly results in two.

    A series is an indicator with its breakdown, from one dataset and vintage, together with what is derived from it.
    """

    name: str

    def key(self, result: Result) -> str:
        """Where on the axis a result stands."""
        if self._parts:
            return "+".join(part.key(result) for part in self._parts)
        if self.name in ("indicator", "geo", "time"):
            return getattr(result, self.name)
        if self.name == "dataset":
            return _dataset(result.dataset, result.vintage)
        if self.name == "series":
            return "|".join((without_annex_columns(result.indicator), result.breakdown, result.dataset, result.vintage))
        if self.name == "standing":
            return annex_column_of(result)
        if self.name == "year":
            return str(year_of(result.time))
        if self.name == "month" and in_a_year(result.time) == 12:
            return f"{number_in_year(result.time):02d}"
        return result.code(self.name)

    def groups(self, results: Iterable[Result]) -> dict[str, list[Result]]:
        """The results at each key, keys in their order on the axis."""
        found: dict[str, list[Result]] = {}
        for result in results:
            found.setdefault(self.key(result), []).append(result)
        return {key: found[key] for key in self.in_order(found)}

    def in_order(self, keys: Iterable[str]) -> list[str]:
        """Each key once: periods by time, whatever the order of the results; all else as it first appears."""
        once = dict.fromkeys(keys)
        return sorted(once) if self.name in ("time", "year", "month") else list(once)

    def label(self, wording: Wording, key: str) -> str:
        """How the reader sees it; of several, without what is not broken down."""
        if self._parts:
            parts = list(zip(self._parts, key.split("+"), strict=True))
            named = [(part, own) for part, own in parts if own not in TOTALS] or parts[:1]
            return ", ".join(part.label(wording, own) for part, own in named)
        if self.name == "indicator":
            return wording.indicator(key)
        if self.name == "series":
            return _series_label(wording, *key.split("|")[:2])
        if self.name == "standing":
            return annex_column_label(wording, key)
        if key in TOTALS:
            return wording.text("Total")
        if self.name == "time":
            return wording.period_alone(key)
        return key if self.name in ("year", "dataset") else wording.label(self.name, key)

    def is_mixed(self, key: str) -> bool:
        """Whether the numbers at a key have several kinds of unit, so that each says its own."""
        return self.name == "standing" and key == CHANGE

    def labels(self, wording: Wording, keys: Iterable[str]) -> dict[str, str]:
        """The labels of all keys; series of one name say which dataset and vintage each comes from."""
        labels = {key: self.label(wording, key) for key in keys}
        if self.name != "series":
            return labels
        bearers = Counter(labels.values())
        return {
            key: label if bearers[label] == 1 else f"{label} ({_dataset(*key.split('|')[2:])})"
            for key, label in labels.items()
        }

    def heading(self, wording: Wording) -> str:
        """The heading above the row labels."""
        if self._parts:
            return " / ".join(part.heading(wording) for part in self._parts)
        return wording.text(_AXIS_HEADINGS[self.name])

    @property
    def _parts(self) -> list["Axis"]:
        return [Axis(name) for name in self.name.split("+")] if "+" in self.name else []


def _dataset(dataset: str, vintage: str) -> str:
    """``migr_asyappctza 2024-01-18, demo_gind 2025-03-27`` of datasets and vintages that are joined by ``+``."""
    return ", ".join(map(" ".join, zip(dataset.split("+"), vintage.split("+"), strict=True)))


def _series_label(wording: Wording, indicator: str, breakdown: str) -> str:
    """``Beneficiaries of temporary protection (Citizenship: Ukraine)``."""
    codes = [part.split("=") for part in breakdown.split(";") if part]
    named = "; ".join(f"{Axis(axis).heading(wording)}: {wording.label(axis, code)}" for axis, code in codes)
    return f"{wording.indicator(indicator)} ({named})" if named else wording.indicator(indicator)


_AXIS_HEADINGS = {
    "indicator": message("Indicator"),
    "series": message("Indicator"),
    "geo": message("Country"),
    "time": message("Period"),
    "dataset": message("Dataset and vintage"),
    "citizen": message("Citizenship"),
    "citizen_compared": message("Citizenship"),
    "citizen_top5": message("Citizenship"),
    "age": message("Age"),
    "sex": message("Sex"),
    "reason": message("Reason"),
    "apprehen": message("Place of apprehension"),
    "decision": message("Decision"),
    "route": message("Route"),
    "duration": message("Duration"),
    "measured": message("Indicator"),
    "model": message("Method"),
    "parts": message("Parts"),
    "obs_status": message("Flag"),
    "type": message("How counted"),
    "year": message("Year"),
    "month": message("Month"),
    "level": message("Level"),
    "dec_level": message("Level of decision"),
    "isced11": message("Education"),
    "consulate": message("Consulate"),
    "entry": message("Number in the register"),
    "activity": message("Kind of activity"),
    "area": message("Area"),
    "institution": message("Institution"),
    "funding": message("Funding"),
    "partner": message("Country"),
    "partner_top5": message("Country"),
    "chart": message("Control chart"),
    "factor": message("Factor"),
    "applicant": message("Kind of applicant"),
    "app_type": message("Kind of application"),
    "procedure_type": message("Kind of procedure"),
    "border": message("Border"),
    "measure": message("What is measured"),
    "counted": message("What is counted"),
    "status": message("Status"),
    "agedef": message("How age is counted"),
}


def table_html(
    wording: Wording,
    results: Sequence[Result],
    rows: str,
    columns: str,
    caption: str,
    emphasised: str = "",
    providers: Mapping[str, str] | None = None,
) -> str:
    """Lay results out as a table.

    Parameters
    ----------
    wording : Wording
        The language.
    results : sequence of Result
        One for each cell; periods in order of time, all else in order of first appearance.
    rows, columns : str
        The axes; see `Axis`. With columns by anything but indicator, the unit stands beside the caption's place.
    caption : str
        HTML of the caption.
    emphasised : str
        Key of a row to set off: the country that the study is about.
    providers : mapping, optional
        The provider of each dataset, where each row is to say whose its numbers are.

    Returns
    -------
    str
        A ``<table>`` with ``scope`` on every header.
    """
    down, across, cells = layout(results, rows, columns)
    row_keys, column_keys = keys_of(down, across, cells)
    units, row_units = units_of(wording, results, down, across)
    row_labels, column_labels = down.labels(wording, row_keys), across.labels(wording, column_keys)
    whose = providers_of(wording, down, results, providers) if providers else {}
    head = "".join(
        f'<th scope="col"{_period(across)}>{whole_dates_html(column_labels[key])}{_unit_html(units[key], column_labels[key])}</th>'
        for key in column_keys
    )
    body = "\n".join(
        f"<tr{_emphasis(key == emphasised)}>"
        f'<th scope="row"{_period(down)}>{whole_dates_html(row_labels[key])}{_unit_html(row_units.get(key, ""), row_labels[key])}{_whose_html(whose.get(key, ""))}</th>'
        + "".join(_cell(wording, cells.get((key, column)), across.is_mixed(column)) for column in column_keys)
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
    return meanings_html(wording, flags_of(results)) + footnotes_html(wording, results)


def meanings_html(wording: Wording, flags: Iterable[str]) -> str:
    """What some flags mean; empty where there are none."""
    said = "; ".join(_meanings(wording, flags))
    heading = wording.text("Flags")  # no text is extracted from within another
    return f'<p class="legend">{escape(heading)}: {escape(said)}.</p>' if said else ""


def footnotes_html(wording: Wording, results: Iterable[Result]) -> str:
    """The footnotes of names that occur among the results."""
    return "".join(f'<p class="legend">{escape(name)} {escape(text)}</p>' for name, text in footnotes(wording, results))


def flags_of(results: Iterable[Result]) -> set[str]:
    """The flags that a reader sees beside some results."""
    return {flag for result in results for flag in shown_flags(result)}


def footnotes(wording: Wording, results: Iterable[Result]) -> list[tuple[str, str]]:
    """The names among the results that have a footnote, each with its footnote, in the order of the names."""
    results = list(results)
    codes = {result.geo for result in results} | {result.code("citizen") for result in results} - set(TOTALS)
    said = {(wording.label("citizen", code), wording.footnote("citizen", code)) for code in codes}
    return sorted(((name, text) for name, text in said if text), key=lambda row: (wording.sort_key(row[0]), row))


def flag_lines(wording: Wording, results: Iterable[Result]) -> list[str]:
    """What the flags that occur among the results mean: ``[b] break in time series``."""
    return _meanings(wording, flags_of(results))


def _meanings(wording: Wording, flags: Iterable[str]) -> list[str]:
    return [f"[{flag}] {flag_label(wording, flag)}" for flag in sorted(flags)]


def layout(results: Iterable[Result], rows: str, columns: str) -> tuple[Axis, Axis, dict[tuple[str, str], Result]]:
    """The axes of a table, and its cells by their keys on both; two numbers for one cell are refused."""
    down, across = Axis(rows), Axis(columns)
    cells = placed("a table", results, down, across)
    return down, across, {(row, column): result for (row, column), result in cells.items()}


def placed(shown_in: str, results: Iterable[Result], *axes: Axis) -> dict[tuple[str, ...], Result]:
    """Results by their keys on some axes.

    Raises
    ------
    InconsistentResult
        If several would stand at one place, of which only one would be seen.
    """
    places: dict[tuple[str, ...], Result] = {}
    for result in results:
        place = tuple(axis.key(result) for axis in axes)
        other = places.setdefault(place, result)
        # A missing value equals nothing, itself neither.
        if repr(other) != repr(result):
            raise InconsistentResult(
                f"{shown_in} would show one number over another",
                where=", ".join(place),
                expected=f"one result for each {' and '.join(axis.name for axis in axes)}",
                found=" and ".join(", ".join(filter(None, each.key)) for each in (other, result)),
                hint="leave one out, or show them along another dimension",
            )
    return places


def keys_of(down: Axis, across: Axis, cells: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The keys of the rows and of the columns, each in its order."""
    cells = list(cells)
    return down.in_order(row for row, _ in cells), across.in_order(column for _, column in cells)


def units_of(
    wording: Wording, results: Sequence[Result], down: Axis, across: Axis
) -> tuple[dict[str, str], dict[str, str]]:
    """The unit of each column; and, where a column has several, that of each row instead.

    In a statistical annex each row has a unit, and what is derived says its own.
    """
    if across.name == "standing":
        own = [result for result in results if result.indicator == without_annex_columns(result.indicator)]
        return defaultdict(str), _units_along(wording, own, down)
    of_columns, of_rows = _units_along(wording, results, across), _units_along(wording, results, down)
    if all(of_columns.values()):
        return of_columns, {}
    return (defaultdict(str), of_rows) if all(of_rows.values()) else (of_columns, of_rows)


def _units_along(wording: Wording, results: Iterable[Result], axis: Axis) -> dict[str, str]:
    return {key: unit_of(wording, own) for key, own in axis.groups(results).items()}


def unit_of(wording: Wording, results: Sequence[Result]) -> str:
    """The name of the unit that all results have; empty where they have several."""
    units = {result.unit for result in results}
    return wording.unit(units.pop()) if len(units) == 1 else ""


def _unit_html(unit: str, label: str) -> str:
    """The unit below a label, unless the label ends with it."""
    is_said = not unit or label.casefold().endswith(unit.casefold())
    return "" if is_said else f'<span class="unit">{escape(unit)}</span>'


def providers_of(
    wording: Wording, axis: Axis, results: Iterable[Result], providers: Mapping[str, str]
) -> dict[str, str]:
    """Whose the numbers at each key of an axis are: of a difference, first those of what the other is taken from."""
    datasets = {
        key: dict.fromkeys(dataset for result in own for dataset, _ in result.sources)
        for key, own in axis.groups(results).items()
    }
    return {
        key: ", ".join(dict.fromkeys(wording.text(providers[one]) for one in own if one in providers))
        for key, own in datasets.items()
    }


def _whose_html(provider: str) -> str:
    return f'<span class="provider">{escape(provider)}</span>' if provider else ""


def _period(axis: Axis) -> str:
    """The class of a header that is a period: it does not break over lines."""
    return ' class="period"' if axis.name == "time" else ""


def _emphasis(emphasised: bool) -> str:
    return ' class="emphasised"' if emphasised else ""


def _cell(wording: Wording, result: Result | None, with_sign: bool) -> str:
    return f"<td>{number_in_cell_html(wording, result, with_sign) if result else ''}</td>"


def number_in_cell_html(wording: Wording, result: Result, with_sign: bool = False) -> str:
    """A number without its unit, which stands in a header; its flags beside it, or in its place.

    One that is told at a level stands with its interval, which differs from level to level where the number does not.
    """
    number = wording.value(result) if with_sign or not result.is_available else wording.bare_value(result)
    interval = wording.interval(result) if "level" in result.codes else ""
    shown = f"{number} ({interval})" if interval else number
    return number_html(wording, result, shown) + flags_html(result)

"""The columns of a statistical annex: a series at several times, its change, the Union's figure, the place in the Union."""

from workbench.declarations.codelists import is_aggregate
from workbench.model.types import Result, message
from workbench.presentation.wording import Wording

CHANGE, _RANK, _RANKED = "change", "rank", "ranked"
_NON_BREAKING = "\N{NON-BREAKING HYPHEN}"
_DERIVED = {"_change_pct": CHANGE, "_change_pp": CHANGE, "_rank_eu27": _RANK, "_ranked_eu27": _RANKED}
_LABELS = {
    CHANGE: message("Change on the year before"),
    _RANK: message("Rank in the EU\N{NON-BREAKING HYPHEN}27"),
    _RANKED: message("Member States with data"),
}


def annex_column_of(result: Result) -> str:
    """The column of a result: that of its change or rank, or of its place and time."""
    for suffix, column in _DERIVED.items():
        if result.indicator.endswith(suffix):
            return column
    return f"{result.geo}|{result.time}"


def without_annex_columns(indicator: str) -> str:
    """The indicator whose change or rank this is; itself, where it is neither."""
    for suffix in _DERIVED:
        indicator = indicator.removesuffix(suffix)
    return indicator


def annex_column_label(wording: Wording, column: str) -> str:
    """The heading of a column: a period, of an aggregate with its name; or what is derived."""
    if column in _LABELS:
        return wording.text(_LABELS[column])
    geo, time = column.split("|")
    period = wording.period(time)
    if not is_aggregate("geo", geo):
        return period
    return f"{wording.label('geo', geo).replace('-', _NON_BREAKING)}, {period}"

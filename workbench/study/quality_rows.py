"""The rows of tables on the data themselves: each of one file, and of what in it is measured."""

from collections.abc import Iterable

from workbench.indicators.results import Results
from workbench.indicators.snapshot_quality import SnapshotQuality
from workbench.model.types import Result


def rows_with_values(results: Iterable[Result], *indicators: str) -> Results:
    """The results of those rows in which there is a value: of these indicators, or of any."""
    results = tuple(results)
    rows = {_row(r) for r in results if r.is_available and (not indicators or r.indicator in indicators)}
    return Results(r for r in results if _row(r) in rows)


def _row(result: Result) -> tuple:
    return result.sources, result.code("measured"), result.code("parts")


def furthest_from_zero(results: Iterable[Result]) -> Result | None:
    """The result with the largest absolute value; None where none has a value."""
    return max((r for r in results if r.is_available), key=lambda r: abs(r.value), default=None)


def flagged_in_the_year(quality: SnapshotQuality, flag: str, year: int) -> list[str]:
    """The headline indicators whose figure of a year carries a flag in the newest release that records such flags.

    A release that lost the flag does not contradict an older one that has it.
    """
    recording = {r.sources for r in quality.flags() if r.code("obs_status") == flag and r.is_available}
    found = [
        # A snapshot without a total is measured by the sum of its parts.
        flagged.codes.get("measured", flagged.indicator)
        for flagged in quality.flagged(flag)
        if flagged.time[:4] == str(year) and _newest_recording(quality, flagged, recording).sources == flagged.sources
    ]
    return list(dict.fromkeys(found))


def _newest_recording(quality: SnapshotQuality, flagged: Result, recording: set[tuple]) -> Result:
    """The newest release of a figure that is flagged, of those that record such a flag."""
    if flagged.indicator not in quality.releases:
        return flagged
    releases = quality.released([flagged.time], flagged.indicator)
    recorded = [r for r in releases if r.is_available and r.sources in recording]
    return max(recorded, key=lambda r: r.vintage, default=flagged)

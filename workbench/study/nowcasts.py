"""What the figure of the reference year may become, by what became of figures that were as old in earlier releases."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.indicators.results import Results
from workbench.methods.refusal import ThinData
from workbench.methods.revisions import Revisions, revisions_of_age
from workbench.model.periods import days_of
from workbench.model.types import Result
from workbench.study.estimates import estimate
from workbench.study.study import Study

_FIRST_YEAR = 2008


@dataclass(frozen=True)
class Nowcast:
    """What earlier revisions say of a figure.

    Attributes
    ----------
    figure : Result
        Of the reference year, as the run reads it.
    later : Result or None
        The same in the newest release after that, where there is one.
    figures, share, revision : Result
        How many figures of the same age were released twice; the share of them that were revised; and by how much, in per
        cent, with the interval of four in five.
    likely : Result
        What the figure is likely to become.
    """

    figure: Result
    later: Result | None
    figures: Result
    share: Result
    revision: Result
    likely: Result

    @property
    def is_open(self) -> bool:
        """Whether the interval holds more than the figure itself."""
        return self.likely.low < self.figure.value or self.likely.high > self.figure.value

    @property
    def measures(self) -> tuple[Result, Result, Result]:
        """What is told of the revisions."""
        return self.figures, self.share, self.revision


def nowcasts(study: Study, *indicators: str) -> list[Nowcast]:
    """Of each count that has a figure of the reference year and enough earlier revisions, what it may become.

    Pairs of releases of the same figures, one after the other by vintage, are taken from all reporting countries together.
    Datasets that publish the same by the same definition are releases of it.
    """
    found = [_nowcast(study, indicator) for indicator in indicators]
    return [nowcast for nowcast in found if nowcast]


def _nowcast(study: Study, indicator: str) -> Nowcast | None:
    figure = study.one(indicator)
    releases = _releases(study, indicator)
    if not figure.is_available or len(releases) < 2:
        return None
    pairs = [pair for earlier, later in pairwise(releases) for pair in _in_both(earlier, later)]
    try:
        revisions = revisions_of_age(
            [earlier.value for earlier, _ in pairs],
            [later.value for _, later in pairs],
            [age(earlier) for earlier, _ in pairs],
            age(figure),
        )
    except ThinData:
        return None
    basis = [result for pair in pairs for result in pair]
    return _worded(study, figure, _newest_after(figure, releases), revisions, basis)


def age(figure: Result) -> int:
    """Whole years from the end of the period of a figure to its release."""
    _, end = days_of(figure.time)
    released = datetime.date.fromisoformat(figure.vintage)
    return released.year - end.year - ((released.month, released.day) < (end.month, end.day))


def _releases(study: Study, indicator: str) -> list[Results]:
    """The figures of all countries and years, as each release that has any holds them, oldest first."""
    sources = study.indicators.count(indicator).sources
    datasets = dict.fromkeys(source.dataset for source in sources if source.dataset in study.sidecar.datasets)
    vintages = sorted((vintage, dataset) for dataset in datasets for vintage in study.vintages(dataset))
    places = [study.country, *(geo for geo in study.reporting_countries if geo != study.country)]
    years = [str(year) for year in range(_FIRST_YEAR, study.year + 1)]
    held = [
        study.results(indicator, geo=places, time=years, dataset={dataset: vintage}) for vintage, dataset in vintages
    ]
    return [release for release in held if any(result.is_available for result in release)]


def _in_both(earlier: Results, later: Results) -> list[tuple[Result, Result]]:
    newer = {(result.geo, result.time): result for result in later}
    pairs = [(result, newer[result.geo, result.time]) for result in earlier if (result.geo, result.time) in newer]
    return [(one, other) for one, other in pairs if one.is_available and other.is_available]


def _newest_after(figure: Result, releases: Sequence[Results]) -> Result | None:
    same = [
        result
        for release in releases
        for result in release
        if (result.geo, result.time) == (figure.geo, figure.time) and result.is_available
    ]
    return next((result for result in reversed(same) if result.vintage > figure.vintage), None)


def _worded(
    study: Study, figure: Result, later: Result | None, revisions: Revisions, basis: Sequence[Result]
) -> Nowcast:
    def measure(indicator: str, *values: float) -> Result:
        measured = f"measured={figure.indicator}"
        return estimate(study, indicator, basis, *values, breakdown=measured, flags="", across_vintages=True)

    median, low, high = revisions.applied_to(figure.value)
    return Nowcast(
        figure=figure,
        later=later,
        figures=measure("revised_figures", revisions.figures),
        share=measure("revised_share_pct", 100 * revisions.revised / revisions.figures),
        revision=measure("revision_expected_pct", revisions.median, revisions.low, revisions.high),
        likely=estimate(
            study,
            f"{figure.indicator}_nowcast",
            [figure],
            round(median),
            min(low, round(median)),
            max(high, round(median)),
            breakdown="level=80",
            flags="f",
        ),
    )

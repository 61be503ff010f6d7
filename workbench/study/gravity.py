"""The gravity view of immigration: how many came from where, beside what size, distance and diaspora lead one to expect."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy
import pandas

from workbench.declarations.distances import kilometres
from workbench.indicators.results import Results
from workbench.methods.counts import NegativeBinomialFit, negative_binomial
from workbench.methods.expectation import Expectation, expectation
from workbench.methods.gravity import PoissonFit, ppml
from workbench.methods.log_linear import Coefficients
from workbench.methods.overdispersion import overdispersion
from workbench.methods.refusal import ThinData
from workbench.model.types import Result
from workbench.study.estimates import estimate
from workbench.study.fits import fitted
from workbench.study.reader import Reader

FLOWS, STOCKS = "migr_imm1ctz", "undesa_migrant_stock"
STOCK_YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024)
"""The years of the estimates of the United Nations."""

COUNTED_APART = {"UA": 2022}
"""From which year on a citizenship is left out: some countries count beneficiaries of temporary protection as immigrants, some
do not, so that how many came to the one says nothing of how many to expect in the other."""

YEARS_BACK = 3
FEWEST_ORIGINS = 20
"""Citizenships of a country with both numbers: with fewer, its own share says little on any of them."""

FEWEST_TOLD = 5
"""Citizenships that can be told of: of fewer, nothing is told."""

FEWEST_PERSONS = 100
"""A citizenship is told of where so many came, or were expected."""

LEAST_COVERED = 50.0
"""Per cent of the foreign immigrants, without citizenships that are left out: of fewer, nothing is told."""

FURTHEST, LARGEST = 6, 8
"""How many are named of those furthest from what is expected, above and below, and of the largest."""

SIGNIFICANT = 0.05

WIDEST = 100.0
"""A ratio is told where the upper end of its interval is at most so many times the lower."""


@dataclass(frozen=True)
class GravityView:
    """What the gravity model says of a country.

    Attributes
    ----------
    year, stock_year : str
        Of the immigration, and of the migrants who lived there before.
    observed, expected, ratios : Results
        By citizenship: persons, persons, and per hundred expected; the highest ratio first.
    nearer, diaspora : Result
        How many more come, in per cent, where the distance is half as large, or the diaspora twice as large.
    nearer_checked, diaspora_checked : Result or None
        The same by a negative binomial regression; None where counts scatter no more than a Poisson one allows, or it does not
        settle.
    usual : Result
        Between which ratios 95 of 100 pairs lie.
    destinations : Result
        The number of countries in the model.
    covered : Result
        Share of the country's foreign immigrants, without those left out, that is in the model.
    left_out : tuple of str
        The citizenships that are left out, as each country counts them in another way.
    untold : Result or None
        Of those in the model for whom the expected number is too uncertain to be told, the largest observed one.
    """

    year: str
    stock_year: str
    observed: Results
    expected: Results
    ratios: Results
    nearer: Result
    diaspora: Result
    nearer_checked: Result | None
    diaspora_checked: Result | None
    usual: Result
    destinations: Result
    covered: Result
    left_out: tuple[str, ...]
    untold: Result | None

    @property
    def hangs_on_the_model(self) -> bool:
        """Whether distance counts, whatever its interval leaves open, by one of the two regressions alone."""
        if self.nearer_checked is None:
            return False
        return (self.nearer.low > 0) != (self.nearer_checked.low > 0)

    @property
    def more(self) -> Results:
        """Ratios that are above a hundred whatever their interval leaves open, the highest first."""
        return Results(ratio for ratio in self.ratios if ratio.low > 100)

    @property
    def fewer(self) -> Results:
        """Ratios that are below a hundred whatever their interval leaves open, the lowest first."""
        return Results(ratio for ratio in reversed(self.ratios) if ratio.high < 100)

    def persons(self, ratio: Result) -> float:
        """The observed number of a ratio."""
        return self.observed.one(breakdown=f"citizen={ratio.code('citizen')}").value

    @property
    def notable(self) -> Results:
        """The ratios furthest above and below a hundred, of those that are clearly so, and those of the largest groups; the
        highest first."""
        largest = sorted(self.ratios, key=self.persons, reverse=True)[:LARGEST]
        named = {ratio.breakdown for ratio in (*self.more[:FURTHEST], *self.fewer[:FURTHEST], *largest)}
        return Results(ratio for ratio in self.ratios if ratio.breakdown in named)

    def of(self, ratios: Iterable[Result]) -> Results:
        """What was observed and expected of the citizenships of some ratios, and the ratios, each in their order."""
        told = [ratio.code("citizen") for ratio in ratios]
        every = self.observed + self.expected + self.ratios
        return Results(result for result in every if result.code("citizen") in told)


def gravity_view(study: Reader) -> GravityView | None:
    """The gravity model of the newest year, up to three before the reference year, that the country can be seen in.

    Immigrants by citizenship, of all countries that publish them, are explained by the distance of the two countries and by
    how many migrants from the one lived in the other at the estimate before, with an effect of each citizenship and of each
    country; see `workbench.methods.gravity.ppml`. A pair without either number is left out, for what is not published is
    not zero.

    Returns
    -------
    GravityView or None
        None where the country publishes too few citizenships, the model refuses the data, or few can be told of.
    """
    for year in range(study.year, study.year - YEARS_BACK - 1, -1):
        pairs = _pairs(study, year)
        if (pairs["geo"] == study.country).sum() >= FEWEST_ORIGINS:
            try:
                return _view(study, pairs, str(year))
            except ThinData:
                return None
    return None


def _pairs(study: Reader, year: int) -> pandas.DataFrame:
    """Immigrants, migrants who lived there before and the distance, of each citizenship and country with all three."""
    flows = study.observations(FLOWS, geo=study.every, citizen=study.every, time=str(year))
    flows = flows[flows["value"].notna() & (flows["citizen"] != flows["geo"]) & ~flows["citizen"].isin(_left_out(year))]
    lived = study.observations(
        STOCKS, geo=study.every, citizen=study.every, time=_stock_year(year), type=study.every, sex=study.every
    )
    stocks = lived.groupby(["citizen", "geo"], observed=True)["value"].sum(min_count=1).rename("stock")
    pairs = flows[["citizen", "geo", "value", "vintage"]].merge(stocks.reset_index(), on=["citizen", "geo"])
    pairs["kilometres"] = [kilometres(*ends) for ends in zip(pairs["citizen"], pairs["geo"])]
    pairs = pairs[(pairs["stock"] > 0) & pairs["kilometres"].notna()]
    # Countries of a few citizenships, most of which are none of their own.
    pairs = pairs[pairs.groupby("geo", observed=True)["value"].transform("size") >= FEWEST_ORIGINS]
    return pairs.astype({"citizen": str, "geo": str}).sort_values(["citizen", "geo"], ignore_index=True)


def _left_out(year: int) -> tuple[str, ...]:
    return tuple(citizenship for citizenship, since in COUNTED_APART.items() if year >= since)


def _stock_year(year: int) -> str:
    """The last estimate before a year: later ones count those who came in it."""
    return str(max(estimated for estimated in STOCK_YEARS if estimated < year))


def _view(study: Reader, pairs: pandas.DataFrame, year: str) -> GravityView | None:
    y = pairs["value"].to_numpy(float)
    x = numpy.column_stack([[log(far) for far in pairs["kilometres"]], numpy.log(pairs["stock"].to_numpy(float))])
    ends = tuple(pairs["citizen"]), tuple(pairs["geo"])
    fit = fitted(study, ppml, y, x, ends, ends)
    found = fitted(study, expectation, y, x, ends, fit)
    here = numpy.flatnonzero((pairs["geo"] == study.country).to_numpy())
    flows, stocks = _own(study, pairs["citizen"].iloc[here].tolist(), year, pairs["vintage"].iloc[0])
    own = dict(zip(map(int, here), zip(flows, stocks, strict=True), strict=True))
    shown = sorted((row for row in own if _can_be_told(y, found, row)), key=lambda row: -found.ratio[row])
    covered = _covered(study, flows, stocks)
    if len(shown) < FEWEST_TOLD or not covered.value >= LEAST_COVERED:
        return None
    basis = [own[row] for row in shown]
    of_all = [*flows, *stocks]
    checked = _scattering(study, y, x, ends, fit)
    untold = [flow for row, (flow, _) in own.items() if row not in shown and flow.value >= FEWEST_PERSONS]
    return GravityView(
        year,
        _stock_year(int(year)),
        Results(flow for flow, _ in basis),
        _estimates(study, "gravity_expected_immigration", basis, _bounds(found, shown, "expected"), year),
        _estimates(study, "gravity_immigration_ratio", basis, 100 * _bounds(found, shown, "ratio"), year),
        _of_multiple(study, "gravity_half_the_distance_pct", of_all, fit, (0, 0.5), year),
        _of_multiple(study, "gravity_twice_the_diaspora_pct", of_all, fit, (1, 2.0), year),
        _of_multiple(study, "gravity_half_the_distance_checked_pct", of_all, checked, (0, 0.5), year)
        if checked
        else None,
        _of_multiple(study, "gravity_twice_the_diaspora_checked_pct", of_all, checked, (1, 2.0), year)
        if checked
        else None,
        _usual(study, of_all, found, year),
        estimate(study, "gravity_destinations", of_all, pairs["geo"].nunique(), time=year, flags=""),
        covered,
        _left_out(int(year)),
        max(untold, key=lambda flow: flow.value, default=None),
    )


def _scattering(
    study: Reader, y: numpy.ndarray, x: numpy.ndarray, ends: tuple, fit: PoissonFit
) -> NegativeBinomialFit | None:
    """The regression that allows for counts which scatter more than by chance; None where they do not, or it does not settle."""
    kept = ~fit.separated
    if overdispersion(y[kept], fit.expected[kept]).p_value > SIGNIFICANT:
        return None
    try:
        return fitted(study, negative_binomial, y, x, ends, ends)
    except ThinData:
        return None


def _own(study: Reader, citizenships: list[str], year: str, vintage: str) -> tuple[Results, Results]:
    """What the country publishes of each citizenship, and what the United Nations estimated."""
    flows = study.results("immigration", citizen=citizenships, time=year, dataset=FLOWS, vintage=vintage)
    return flows, study.results("migrant_stock", citizen=citizenships, time=_stock_year(int(year)))


def _can_be_told(y: numpy.ndarray, found: Expectation, row: int) -> bool:
    """Whether a row has enough persons, and a ratio that is known well enough."""
    enough = max(y[row], found.expected[row]) >= FEWEST_PERSONS
    return bool(enough and found.ratio[row] > 0 and found.ratio_high[row] <= WIDEST * found.ratio_low[row])


def _bounds(found: Expectation, rows: list[int], of: str) -> numpy.ndarray:
    """Value, lower and upper bound of each row."""
    return numpy.column_stack([getattr(found, of + end)[rows] for end in ("", "_low", "_high")])


def _estimates(
    study: Reader, indicator: str, basis: list[tuple[Result, Result]], bounds: numpy.ndarray, year: str
) -> Results:
    return Results(
        estimate(
            study, indicator, both, *map(float, ends), time=year, breakdown=f"{both[0].breakdown};level=95", flags="e"
        )
        for both, ends in zip(basis, bounds, strict=True)
    )


def _of_multiple(
    study: Reader,
    indicator: str,
    basis: list[Result],
    fit: Coefficients,
    column_and_factor: tuple[int, float],
    year: str,
) -> Result:
    """What so many times as much of a regressor changes, in per cent: its coefficient is an elasticity."""
    column, factor = column_and_factor
    low, high = fit.interval()
    value, *ends = (100 * (factor ** float(of[column]) - 1) for of in (fit.coefficients, low, high))
    return estimate(study, indicator, basis, value, *sorted(ends), time=year, flags="")


def _usual(study: Reader, basis: list[Result], found: Expectation, year: str) -> Result:
    """The middle of the ratios of pairs of enough persons, and between which bounds 95 of 100 lie."""
    ratios = 100 * found.ratio[found.expected >= FEWEST_PERSONS]
    low, middle, high = (float(quantile) for quantile in numpy.quantile(ratios, [0.025, 0.5, 0.975]))
    return estimate(study, "gravity_usual_ratio", basis, middle, low, high, time=year, flags="")


def _covered(study: Reader, flows: Results, stocks: Results) -> Result:
    """The share of the country's foreign immigrants, without citizenships that are left out, that is in the model."""
    of = {"time": flows[0].time, "dataset": FLOWS, "vintage": flows[0].vintage}
    apart = [study.one("immigration", citizen=citizenship, **of) for citizenship in _left_out(int(flows[0].time))]
    foreign = study.one("immigration", citizen="FOR_STLS", **of).value
    foreign -= sum(result.value for result in apart if result.is_available)
    share = 100 * sum(flow.value for flow in flows) / foreign if foreign > 0 else float("nan")
    # Nothing but rounding and revision can make it more.
    return estimate(study, "gravity_coverage_pct", [*flows, *stocks], min(share, 100.0), time=flows[0].time, flags="")

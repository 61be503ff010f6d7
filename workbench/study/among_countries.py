"""A country among the others: a ranking, the map of the same numbers, and their table with what stands beside them."""

from dataclasses import dataclass

from workbench.indicators.results import Results
from workbench.model.types import Result
from workbench.presentation.blocks import Tabular
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.charts.ranking import Ranking
from workbench.study.availability import without_empty
from workbench.study.reader import Reader


@dataclass(frozen=True)
class AmongCountries:
    """One measure of many countries, for one figure.

    Attributes
    ----------
    ranking : Ranking
        The Member States, the country of the study if it is none of them, and the Union.
    map : EuropeMap
        All countries that report to Eurostat.
    table : Tabular
        All of these, the highest first, with the measures beside it.
    """

    ranking: Ranking
    map: EuropeMap
    table: Tabular


def among_countries(study: Reader, indicator: str, *beside: str, **where: str) -> AmongCountries:
    """Rank the countries by an indicator.

    Parameters
    ----------
    study : Reader
        Its country is highlighted.
    indicator : str
        What they are ranked by.
    *beside : str
        What else the table shows of each, as the numbers that a rate is made of.
    **where
        Time and breakdown; see `Study.results`.
    """
    everywhere = dict.fromkeys([*study.reporting_countries, study.country, study.eu27])
    table = study.results(indicator, *beside, geo=[*everywhere], **where)
    measured = [result for result in table if result.indicator == indicator]
    in_order = [result.geo for result in sorted(measured, key=_highest_first)]
    of_states = [result for result in measured if result.geo in (*study.member_states, study.country)]
    return AmongCountries(
        Ranking(Results(of_states), study.country, next(r for r in measured if r.geo == study.eu27)),
        EuropeMap(Results(r for r in measured if r.geo != study.eu27), study.country),
        Tabular(
            without_empty(without_empty(Results(sorted(table, key=lambda r: in_order.index(r.geo))), "geo")),
            "geo",
            "indicator",
        ),
    )


def _highest_first(result: Result) -> tuple[bool, float]:
    return not result.is_available, -result.value

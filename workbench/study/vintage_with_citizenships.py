"""The vintage of a dataset that breaks the reference year down by citizenship."""

from workbench.study.reader import Reader

NATIONALS = "NAT"
"""Citizens of the reporting country: whatever is broken down by citizenship has them."""


def with_citizenships(study: Reader, dataset: str, indicator: str) -> dict[str, str]:
    """Where an indicator of the reference year is broken down by citizenship, to be given to `Study.results`.

    Parameters
    ----------
    study : Reader
        The study; it depends on every vintage.
    dataset, indicator : str
        What is broken down.

    Returns
    -------
    dict
        ``dataset`` and ``vintage``: the one that the run reads by citizenship; where that lacks the year, the oldest, which
        has most of the years before.
    """
    oldest = study.vintages(dataset)[0]
    newest = study.vintage(dataset, by="citizen") or oldest
    has_the_year = study.one(indicator, citizen=NATIONALS, dataset=dataset, vintage=newest).is_available
    return {"dataset": dataset, "vintage": newest if has_the_year else oldest}

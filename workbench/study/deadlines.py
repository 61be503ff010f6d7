"""When the figures of a year are due, by the law that each dataset names."""

from collections.abc import Iterable, Mapping

from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.types import Result


def deadlines(
    results: Iterable[Result], declarations: Mapping[str, DatasetDeclaration], year: int
) -> dict[str, list[str]]:
    """The months by whose end the figures of a year must be at the providers, the first one first.

    Parameters
    ----------
    results : iterable of Result
        What is shown, of another year.
    declarations : mapping
        Dataset to what is declared of it.
    year : int
        The year that is asked about.

    Returns
    -------
    dict
        Month to the indicators whose figures are due by its end. One that takes several datasets is due with the last of
        them; one of which a dataset has no deadline is not there.
    """
    months: dict[str, list[str]] = {}
    for indicator, datasets in {one.indicator: one.dataset.split("+") for one in results}.items():
        due = [deadline.of(year) for dataset in datasets if (deadline := declarations[dataset].due)]
        if len(due) == len(datasets):
            months.setdefault(max(due), []).append(indicator)
    return dict(sorted(months.items()))

"""Some results, in order: for sentences and charts one by one, for analysis as a DataFrame."""

import pandas

from workbench.model.errors import InconsistentResult
from workbench.model.words import RESULT_COLUMNS, Result


class Results(tuple):
    """A tuple of `workbench.model.words.Result` that knows how to become a DataFrame and back."""

    @classmethod
    def of(cls, frame: pandas.DataFrame) -> "Results":
        """Make results of a DataFrame with the columns of ``RESULT_COLUMNS``.

        Raises
        ------
        InconsistentResult
            If a number was computed from two vintages of one dataset.
        """
        for dataset, vintage in set(zip(frame["dataset"], frame["vintage"])):
            _refuse_mixed_vintages(frame, dataset, vintage)
        return cls(Result(*row) for row in frame[list(RESULT_COLUMNS)].itertuples(index=False, name=None))

    @property
    def frame(self) -> pandas.DataFrame:
        """The results as a DataFrame, one row each."""
        return pandas.DataFrame([vars(result) for result in self], columns=RESULT_COLUMNS)

    def one(self, **where: str) -> Result:
        """The only result where these attributes, or codes of the breakdown, have these values.

        Raises
        ------
        InconsistentResult
            If there is none, or more than one.
        """
        found = [result for result in self if all(_value(result, name) == value for name, value in where.items())]
        if len(found) != 1:
            raise InconsistentResult(
                "expected one result", where=str(where), found=f"{len(found)} of {len(self)}", remedy="say which one"
            )
        return found[0]

    def __add__(self, other) -> "Results":
        return Results((*self, *other))

    def _repr_html_(self):
        return self.frame.to_html(index=False, na_rep="")


def _refuse_mixed_vintages(frame: pandas.DataFrame, dataset: str, vintage: str) -> None:
    datasets = dataset.split("+")
    if len(datasets) != len(set(datasets)):
        raise InconsistentResult(
            "a number was computed from two vintages of one dataset",
            where=", ".join(sorted(set(frame.loc[frame["vintage"] == vintage, "indicator"]))),
            expected="one vintage of each dataset",
            found=" and ".join(f"{name} {day}" for name, day in zip(datasets, vintage.split("+"))),
            remedy="name the dataset and vintage that hold all its parts: study.results(…, dataset=…, vintage=…)",
        )


def _value(result: Result, name: str) -> str:
    return getattr(result, name) if name in RESULT_COLUMNS else result.code(name)

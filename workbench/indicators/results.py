"""Some results, in order: for sentences and charts one by one, for analysis as a DataFrame."""

from collections.abc import Iterable

import pandas

from workbench.data.labelled_frame import LabelledFrame
from workbench.indicators.formulas import rows_of
from workbench.model.errors import InconsistentResult
from workbench.model.types import NUMBER_COLUMNS, RESULT_COLUMNS, Result


class Results(tuple[Result, ...]):
    """A tuple of `workbench.model.types.Result` that knows how to become a DataFrame and back."""

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
        return cls.across_vintages([frame])

    @classmethod
    def across_vintages(cls, frames: Iterable[pandas.DataFrame]) -> "Results":
        """Make results that compare two vintages of a dataset: the only ones that may take both, and their key says so."""
        return cls(Result(*row) for frame in frames for row in rows_of(frame, RESULT_COLUMNS))

    @classmethod
    def with_values(cls, *every_series: "Results") -> "Results":
        """The numbers of the periods of which some series has one; all of them, where none has any."""
        results = cls(result for series in every_series for result in series)
        there = {result.time for result in results if result.is_available}
        return cls(result for result in results if result.time in there) or results

    @property
    def frame(self) -> pandas.DataFrame:
        """The results as a DataFrame, one row each; in JupyterLab, each code is shown with its label."""
        frame = LabelledFrame([vars(result) for result in self], columns=RESULT_COLUMNS)
        # Without any row the columns would have no type to compute with.
        return frame.astype(dict.fromkeys(NUMBER_COLUMNS, float))

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
                "expected one result", where=str(where), found=f"{len(found)} of {len(self)}", hint="say which one"
            )
        return found[0]

    # A tuple may be added to one of anything; results only to results.
    def __add__(self, other: Iterable[Result]) -> "Results":  # type: ignore[override]
        return Results((*self, *other))

    def _repr_html_(self) -> str:
        return self.frame._repr_html_() or ""


def _refuse_mixed_vintages(frame: pandas.DataFrame, dataset: str, vintage: str) -> None:
    datasets = dataset.split("+")
    if len(datasets) != len(set(datasets)):
        raise InconsistentResult(
            "a number was computed from two vintages of one dataset",
            where=", ".join(sorted(set(frame.loc[frame["vintage"] == vintage, "indicator"]))),
            expected="one vintage of each dataset",
            found=" and ".join(f"{name} {day}" for name, day in zip(datasets, vintage.split("+"))),
            hint="name the dataset and vintage that hold all its parts: study.results(…, dataset=…, vintage=…)",
        )


def _value(result: Result, name: str) -> str:
    return getattr(result, name) if name in RESULT_COLUMNS else result.code(name)

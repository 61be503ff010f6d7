"""Some results, in order: for sentences and charts one by one, for analysis as a DataFrame."""

import pandas

from workbench.model.errors import InconsistentResult
from workbench.model.words import RESULT_COLUMNS, Result


class Results(tuple):
    """A tuple of `workbench.model.words.Result` that knows how to become a DataFrame and back."""

    @classmethod
    def of(cls, frame: pandas.DataFrame) -> "Results":
        """Make results of a DataFrame with the columns of ``RESULT_COLUMNS``."""
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


def _value(result: Result, name: str) -> str:
    return getattr(result, name) if name in RESULT_COLUMNS else result.code(name)

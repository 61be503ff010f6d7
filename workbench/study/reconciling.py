"""Two counts of the same beside each other: their difference, whether rounding explains it, and the reasons on file."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.declarations.indicators import Difference
from workbench.declarations.reconciliation import Reason
from workbench.model.sentence import Texts
from workbench.model.types import Result
from workbench.study.reader import Reader
from workbench.study.rounding import explained_by_rounding


@dataclass(frozen=True)
class Reconciled:
    """A figure beside that of another provider.

    Attributes
    ----------
    one, other, difference : Result
        The two, and the first less the second.
    reasons : tuple of Reason
        Those on file that explain a difference of the country, year and sign.
    """

    one: Result
    other: Result
    difference: Result
    reasons: tuple[Reason, ...]

    @property
    def is_same(self) -> bool:
        """Whether the two are the same number."""
        return self.difference.value == 0

    @property
    def is_rounding(self) -> bool:
        """Whether they differ by no more than rounding leaves open."""
        return not self.is_same and explained_by_rounding(self.one, self.other)

    @property
    def is_unexplained(self) -> bool:
        """Whether neither rounding nor a reason on file says why they differ."""
        return not (self.is_same or self.is_rounding or self.reasons)

    @property
    def because(self) -> Texts:
        """The reasons, in each language that they are written in."""
        return Texts(tuple(reason.texts for reason in self.reasons), separator=" ")

    @property
    def written(self) -> str:
        """The month in which the newest of the reasons was put on file."""
        return max(str(reason.written)[:7] for reason in self.reasons)


def reconciled(study: Reader, *differences: str, time: Iterable[str] = ()) -> list[Reconciled]:
    """Set two counts beside each other, where both are known.

    Parameters
    ----------
    study : Reader
        Of the country, and of the year unless others are named.
    *differences : str
        Indicators that are the difference of two counts.
    time : iterable of str
        Periods; the reference year by default.

    Returns
    -------
    list of Reconciled
        By difference, then by period.
    """
    periods = list(time) or [str(study.year)]
    found = []
    for name in differences:
        declared = study.indicators.declared(name)
        assert isinstance(declared, Difference), f"{name} is not a difference"
        ones, others, apart = (study.results(of, time=periods) for of in (declared.minuend, declared.subtrahend, name))
        found += [
            Reconciled(one, other, difference, study.reasons(difference))
            for one, other, difference in zip(ones, others, apart, strict=True)
            if difference.is_available
        ]
    return found

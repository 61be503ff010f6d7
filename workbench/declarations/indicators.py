"""``params/indicators.yaml``: the indicators as formulas over observations, and what can be derived from each."""

from typing import Annotated, Literal

from pydantic import Field

from workbench.declarations.yaml_files import Declaration, read_yaml
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.paths import Project


class _Indicator(Declaration):
    """What every indicator says of itself: a short label, a unit, a definition and where that comes from."""

    label: str
    unit: str
    definition: str
    reference: str


class CountSource(Declaration):
    """Observations of ``dataset`` ``where`` the dimensions have these codes: as they are, or added up.

    Attributes
    ----------
    over : dict
        Dimension to the codes that are added up, where the dataset publishes no total; ``"*"`` is every single code.
    year : str or None
        What the year is made of, where the dataset has shorter periods: their sum, or, of a stock, the last month.
    zeros_left_out : tuple of str
        Dimensions by which zeros are left out of the files: a code that is absent where others are reported is zero.
    """

    dataset: str
    where: dict[str, str] = {}
    over: dict[str, tuple[str, ...]] = {}
    year: Literal["sum of quarters", "sum of months", "last month"] | None = None
    zeros_left_out: tuple[str, ...] = ()


class Count(_Indicator):
    """What a dataset publishes; the datasets that publish the same by the same definition stand in order of preference.

    A run takes one of them for all its series, or names another; see `workbench.study.study.Study.results`. ``since`` is the
    first month of which there was anything to count: before it a number is not lacking, it does not apply.
    """

    formula: Literal["count"]
    since: str | None = Field(default=None, pattern=r"^\d{4}-\d\d$")
    sources: tuple[CountSource, ...] = Field(min_length=1)


class Difference(_Indicator):
    """``minuend`` − ``subtrahend``, two indicators of the same country and time; it may be negative.

    Where datasets of the two stand ``published_together``, in order of preference, both terms come from one such pair: a
    country revises them together, and the difference of two editions would be one of revisions.
    """

    formula: Literal["difference"]
    minuend: str
    subtrahend: str
    published_together: tuple[tuple[str, str], ...] = ()


class Gain(_Indicator):
    """What a stock on the first day of a year gains until that of the next; it may be negative."""

    formula: Literal["gain over the year"]
    of: str


class Ratio(_Indicator):
    """``numerator`` / ``denominator`` × ``per``, two indicators of the same country and time.

    With ``denominator_of`` the year, months and quarters are divided by what the year has.
    """

    formula: Literal["ratio"]
    numerator: str
    denominator: str
    per: int = Field(ge=1)
    denominator_of: Literal["period", "year"] = "period"


class Share(_Indicator):
    """The ``part`` of an indicator in its total, ``excluding`` what is not known, in per cent.

    The part is the indicator for these codes, or another indicator that counts a part of it; named as its own part, it is
    the indicator by whatever it is broken down by.
    """

    formula: Literal["share"]
    of: str
    part: dict[str, str] | str
    excluding: dict[str, str] = {}


class Concentration(_Indicator):
    """How an indicator is spread ``over`` the codes of a dimension, of the sum of those that are known."""

    formula: Literal["herfindahl-hirschman", "share of the five largest"]
    of: str
    over: str


class Dissimilarity(_Indicator):
    """How far the mix of an indicator ``over`` the codes of a dimension is from that of the EU-27, both of what is known."""

    formula: Literal["dissimilarity"]
    of: str
    over: str


class KnownShare(_Indicator):
    """How much of an indicator's published total the codes of the dimension ``over`` account for, in per cent."""

    formula: Literal["share that is known"]
    of: str
    over: str


class MonthShares(_Indicator):
    """The average share of each month of the calendar in its year, over the full ones of the last ``years``."""

    formula: Literal["average share of the month"]
    of: str
    years: int = Field(ge=3)


class Quality(_Indicator):
    """A measure of the data themselves: `workbench.indicators.snapshot_quality` takes it of whatever series a snapshot has."""

    formula: Literal["quality"]


class Derivation(Declaration):
    """What a suffix makes of an indicator. ``label`` and ``definition`` name that indicator as ``{indicator}``.

    Without a ``unit`` it has that of the indicator.
    """

    label: str
    unit: str | None = None
    definition: str
    reference: str


Formula = Count | Difference | Gain | Ratio | Share | Concentration | Dissimilarity | KnownShare | MonthShares | Quality
Indicator = Annotated[Formula, Field(discriminator="formula")]
Suffix = Literal[
    "_change_pct", "_change_pp", "_change_on_year_pct", "_less_eu27_pp", "_rank_eu27", "_ranked_eu27", "_share_eu27_pct",
    "_sum_eu27", "_share_sum_eu27_pct", "_share_members_pct", "_share_pct", "_of_change_eu27_pct",
]  # fmt: skip


class Indicators(Declaration):
    """All declared indicators, and the derivations that apply to any."""

    indicators: dict[str, Indicator]
    derivations: dict[Suffix, Derivation]

    def declared(self, indicator: str) -> Formula:
        """The declaration of a base indicator.

        Raises
        ------
        InvalidDeclaration
            If there is none, naming the near ones.
        """
        if indicator not in self.indicators:
            raise InvalidDeclaration(
                f"the indicator {indicator} is not declared",
                where="params/indicators.yaml",
                expected=near(indicator, self.indicators) + f", perhaps with {', '.join(self.derivations)}",
            )
        return self.indicators[indicator]

    def split(self, indicator: str) -> tuple[str, str]:
        """Part an id into base and suffix: ``asylum_applicants_rank_eu27`` is (``asylum_applicants``, ``_rank_eu27``).

        The longest base wins, so a declared indicator is never taken for a derived one.
        """
        if indicator in self.indicators:
            return indicator, ""
        for suffix in sorted(self.derivations, key=len, reverse=True):
            if indicator.endswith(suffix) and indicator.removesuffix(suffix) in self.indicators:
                return indicator.removesuffix(suffix), suffix
        self.declared(indicator)
        raise AssertionError("unreachable: an undeclared indicator is refused above")

    def unit(self, indicator: str) -> str:
        """The unit of an indicator, base or derived."""
        base, suffix = self.split(indicator)
        return (self.derivations[suffix].unit if suffix else None) or self.declared(base).unit

    def count(self, indicator: str) -> Count:
        """The declaration of an indicator that is a count.

        Raises
        ------
        InvalidDeclaration
            If it is computed from others.
        """
        declared = self.declared(indicator)
        if not isinstance(declared, Count):
            raise InvalidDeclaration(
                f"the indicator {indicator} is not a count",
                where="params/indicators.yaml",
                expected="formula: count",
                found=f"formula: {declared.formula}",
            )
        return declared

    def datasets(self, indicator: str) -> tuple[str, ...]:
        """The datasets that an indicator takes, in the order of its formula; none where it measures any of them."""
        base, _ = self.split(indicator)
        declared = self.declared(base)
        if isinstance(declared, Count):
            return tuple(dict.fromkeys(source.dataset for source in declared.sources))
        if isinstance(declared, Difference) and declared.published_together:
            return tuple(dict.fromkeys(dataset for pair in declared.published_together for dataset in pair))
        return tuple(dict.fromkeys(dataset for other in _taken_by(declared) for dataset in self.datasets(other)))

    def partner(self, indicator: str, dataset: str) -> tuple[str, str] | None:
        """The count, and the dataset of it, that a dataset of a count was published together with; none where it was by itself."""
        for declared in self.indicators.values():
            if isinstance(declared, Difference) and indicator in (declared.minuend, declared.subtrahend):
                own = (declared.minuend, declared.subtrahend).index(indicator)
                for pair in declared.published_together:
                    if pair[own] == dataset:
                        return (declared.subtrahend, declared.minuend)[own], pair[1 - own]
        return None

    def headline(self, dataset: str) -> tuple[str, CountSource] | None:
        """What a dataset is known by: the indicator that is declared first of all that count it, and how; None if none does."""
        for indicator, declared in self.indicators.items():
            for source in declared.sources if isinstance(declared, Count) else ():
                if source.dataset == dataset:
                    return indicator, source
        return None

    def counts(self, indicator: str) -> tuple[str, ...]:
        """The counts that an indicator is computed from, in the order of its formula; a count is its own."""
        base, _ = self.split(indicator)
        declared = self.declared(base)
        if isinstance(declared, Count):
            return (base,)
        return tuple(dict.fromkeys(count for other in _taken_by(declared) for count in self.counts(other)))


def _taken_by(declared: Formula) -> tuple[str, ...]:
    """The indicators that a formula takes, in its order."""
    match declared:
        case Difference():
            return declared.minuend, declared.subtrahend
        case Ratio():
            return declared.numerator, declared.denominator
        case Share(part=str(part)):
            return tuple(dict.fromkeys((part, declared.of)))
        case Quality():
            return ()
    return (declared.of,)


def read_indicators(project: Project) -> Indicators:
    """Read the declared indicators, and check that each one named in a formula is declared itself."""
    indicators = read_yaml(project.params / "indicators.yaml", Indicators)
    for indicator, declared in indicators.indicators.items():
        indicators.datasets(indicator)
        if isinstance(declared, Difference):
            _check_published_together(indicators, indicator, declared)
    return indicators


def _check_published_together(indicators: Indicators, indicator: str, declared: Difference) -> None:
    for position, term in enumerate((declared.minuend, declared.subtrahend)):
        counted = indicators.datasets(term) if isinstance(indicators.declared(term), Count) else ()
        for pair in declared.published_together:
            if pair[position] not in counted:
                raise InvalidDeclaration(
                    f"{indicator} takes {term} from {pair[position]}, which is none of its datasets",
                    where="params/indicators.yaml, published_together",
                    expected=f"one of the datasets that {term} counts: {', '.join(counted) or 'none, for it is no count'}",
                    found=pair[position],
                )

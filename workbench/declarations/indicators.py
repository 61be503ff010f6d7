"""``params/indicators.yaml``: the indicators as formulas over observations, and what can be derived from each."""

from typing import Annotated, ClassVar, Literal, get_args

from msgspec import Meta

from workbench.declarations.models import Declaration
from workbench.declarations.yaml_files import read_yaml
from workbench.model.errors import InvalidDeclaration, near, words_of
from workbench.model.paths import Project

Interval = Literal["rounding", "confidence", "prediction", "credible", "reference"]
"""What the bounds of a number are: what rounding allows, or what a method estimates. A reference interval holds what would be
usual."""


class _Indicator(Declaration, tag_field="formula"):
    """What every indicator says of itself: a short label, a unit, a definition and its reference."""

    label: str
    unit: str
    definition: str
    reference: str

    is_costly: ClassVar[bool] = False
    """Whether it needs every code of a dimension or many periods, so that it is computed only for what is asked for."""

    @property
    def formula(self) -> str:
        """The word by which it is declared."""
        return str(self.__struct_config__.tag)

    @property
    def terms(self) -> tuple[str, ...]:
        """The indicators that the formula uses, in order."""
        return ()


class CountSource(Declaration):
    """Observations of ``dataset`` ``where`` the dimensions have these codes, as published or added up.

    Attributes
    ----------
    over : dict
        Dimension to the codes that are added up, where the dataset publishes no total; ``"*"`` is every single code.
    year : str or None
        How a year is computed, where the dataset has shorter periods: their sum or, for a stock, the last month.
    zeros_left_out : tuple of str
        Dimensions for which files leave out zeros: a code that is absent where others are reported is zero.
    whole : str or None
        The aggregate that all places of the dataset are together, where no figure of it is published: they are added up.
    """

    dataset: str
    where: dict[str, str] = {}
    over: dict[str, tuple[str, ...]] = {}
    year: Literal["sum of quarters", "sum of months", "last month"] | None = None
    zeros_left_out: tuple[str, ...] = ()
    whole: str | None = None


class Count(_Indicator, tag="count"):
    """What a dataset publishes; datasets that publish the same by the same definition are listed in order of preference.

    A run uses one of them for all its series, or names another; see `workbench.study.study.Study.results`. ``since`` is the
    first month with anything to count: before it a number is not missing, but not applicable. Of a ``sample``, a number of
    low reliability (flag ``u``) is shown and never ranked.
    """

    sample: bool = False
    since: Annotated[str, Meta(pattern=r"^\d{4}-\d\d\Z", description="a month, such as 2022-03")] | None = None
    sources: Annotated[tuple[CountSource, ...], Meta(min_length=1)]


class Difference(_Indicator, tag="difference"):
    """``minuend`` − ``subtrahend``, two indicators of the same country and time; it may be negative.

    Where datasets of the two are ``published_together`` (in order of preference), both terms come from one such pair: a
    country revises them together, and a difference across editions would include revisions.
    """

    minuend: str
    subtrahend: str
    published_together: tuple[tuple[str, str], ...] = ()

    @property
    def terms(self) -> tuple[str, str]:
        return self.minuend, self.subtrahend


class _OfAnother(_Indicator):
    """What is made of one other indicator."""

    of: str

    @property
    def terms(self) -> tuple[str, ...]:
        return (self.of,)


class _OverCodes(_OfAnother):
    """What is made of an indicator for every code of a dimension."""

    over: str

    is_costly: ClassVar[bool] = True


class GroupGap(_OfAnother, tag="gap between groups"):
    """A rate of the groups that it is broken down by, less that of the group ``less``: dimension to code.

    Of the same country and time, and of the same codes of every other dimension. It is negative where the group's is lower.
    """

    less: Annotated[dict[str, str], Meta(min_length=1)]


class GainOverTheYear(_OfAnother, tag="gain over the year"):
    """What a stock of the beginning of a year gains from its first day to that of the next; it may be negative."""


class GainOverThePeriod(_OfAnother, tag="gain over the period"):
    """What a stock of the end of a period gains from the end of the one before; it may be negative."""


class Ratio(_Indicator, tag="ratio"):
    """``numerator`` / ``denominator`` × ``per``, two indicators of the same country and time.

    With ``denominator_of`` ``year``, months and quarters are divided by the denominator of their year.
    """

    numerator: str
    denominator: str
    per: Annotated[int, Meta(ge=1)]
    denominator_of: Literal["period", "year"] = "period"

    @property
    def terms(self) -> tuple[str, ...]:
        return self.numerator, self.denominator


class Share(_Indicator, tag="share"):
    """The ``part`` of an indicator in its total, ``excluding`` what is unknown, in per cent.

    The part is the indicator for these codes, or another indicator that counts a part; an indicator named as its own part
    is taken by whatever it is broken down by.
    """

    of: str
    part: dict[str, str] | str
    excluding: dict[str, str] = {}

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.part, self.of))) if isinstance(self.part, str) else (self.of,)


class HerfindahlHirschman(_OverCodes, tag="herfindahl-hirschman"):
    """How concentrated an indicator is ``over`` the known codes of a dimension: the sum of the squared shares."""


class ShareOfTheFiveLargest(_OverCodes, tag="share of the five largest"):
    """How concentrated an indicator is ``over`` the known codes of a dimension: the five largest together, in per cent."""


class Dissimilarity(_OverCodes, tag="dissimilarity"):
    """How far the mix of an indicator ``over`` the known codes of a dimension is from that of the EU-27."""


class KnownShare(_OverCodes, tag="share that is known"):
    """How much of an indicator's published total the codes of the dimension ``over`` account for, in per cent."""


class ExpectedRate(_Indicator, tag="expected rate"):
    """The rate of ``part`` in ``of`` if each code of the dimension ``over`` had that of the aggregate ``standard``."""

    part: str
    of: str
    over: str
    standard: str

    is_costly: ClassVar[bool] = True

    @property
    def terms(self) -> tuple[str, ...]:
        return self.part, self.of


class NumberOfParts(_OverCodes, tag="number of parts"):
    """How many codes of the dimension ``over`` an indicator has something in."""


class MonthShares(_OfAnother, tag="average share of the month"):
    """The average share of each calendar month in its year, over the complete ones of the last ``years`` years."""

    years: Annotated[int, Meta(ge=3)]

    is_costly: ClassVar[bool] = True


class Quality(_Indicator, tag="quality"):
    """A measure of the data themselves, computed by `workbench.indicators.snapshot_quality` for any series of a snapshot."""


class Estimate(_Indicator, tag="estimate"):
    """What a method of `workbench.methods` estimates from counts: a study makes it, and no formula evaluates it.

    ``interval`` says what its bounds are, at the level that its breakdown names (``level=80``), or else at 95 %.
    """

    of: Annotated[tuple[str, ...], Meta(min_length=1)]
    interval: Interval = "confidence"

    @property
    def terms(self) -> tuple[str, ...]:
        return self.of


class Derivation(Declaration):
    """What a suffix makes of an indicator; ``label`` and ``definition`` refer to the indicator as ``{indicator}``.

    Without a ``unit`` it has the unit of the indicator. With an ``interval`` it is estimated by a method, as `Estimate` is.
    """

    label: str
    unit: str | None = None
    definition: str
    reference: str
    interval: Interval | None = None


Gain = GainOverTheYear | GainOverThePeriod
Formula = (
    Count | Difference | GroupGap | GainOverTheYear | GainOverThePeriod | Ratio | Share
    | HerfindahlHirschman | ShareOfTheFiveLargest | Dissimilarity | ExpectedRate | KnownShare | NumberOfParts
    | MonthShares | Quality | Estimate
)  # fmt: skip
Suffix = Literal[
    "_change_pct", "_change_pp", "_change_on_year_pct", "_less_eu27_pp", "_rank_eu27", "_ranked_eu27", "_share_eu27_pct",
    "_sum_eu27", "_share_sum_eu27_pct", "_share_members_pct", "_share_pct", "_of_change_eu27_pct",
    "_rank_schengen", "_ranked_schengen", "_share_schengen_pct", "_less_schengen_pp",
    "_of_2019_pct",
]  # fmt: skip
"""The suffixes that are evaluated; others are estimated by methods."""


class Indicators(Declaration):
    """All declared indicators, and the derivations that apply to any."""

    indicators: dict[str, Formula]
    derivations: dict[str, Derivation]

    def __repr__(self) -> str:
        width = max(map(len, self.indicators))
        lines = (f"{name:{width}}  {one.label} ({one.unit})" for name, one in self.indicators.items())
        return "\n".join((*lines, f"and each of them with {', '.join(self.derivations)}"))

    def declared(self, indicator: str) -> Formula:
        """The declaration of a base indicator.

        Raises
        ------
        InvalidDeclaration
            If there is none, naming the nearest.
        """
        if indicator not in self.indicators:
            raise self._undeclared(indicator)
        return self.indicators[indicator]

    def _undeclared(self, indicator: str) -> InvalidDeclaration:
        return InvalidDeclaration(
            f"the indicator {indicator} is not declared",
            where="params/indicators.yaml",
            expected=f"{near(indicator, self.indicators)}, or one of them with a suffix, such as _change_pct",
            hint=f"in a notebook, {self._finding(indicator)} finds them by words of their names and labels",
        )

    def _finding(self, indicator: str) -> str:
        """The calls that find what may be meant: by the words of the name that others have, too."""
        named = [*self.indicators, *(one.label.casefold() for one in self.indicators.values())]
        words = words_of(indicator)
        known = [word for word in words if any(word in name for name in named)] or words or [indicator]
        return " or ".join(f'study.find("{word}")' for word in dict.fromkeys(known))

    def split(self, indicator: str) -> tuple[str, str]:
        """Split an id into base and suffix: ``asylum_applicants_rank_eu27`` is (``asylum_applicants``, ``_rank_eu27``).

        The longest base wins, so that a declared indicator is never taken for a derived one.
        """
        if indicator in self.indicators:
            return indicator, ""
        for suffix in sorted(self.derivations, key=len, reverse=True):
            if indicator.endswith(suffix) and indicator.removesuffix(suffix) in self.indicators:
                return indicator.removesuffix(suffix), suffix
        raise self._undeclared(indicator)

    def unit(self, indicator: str) -> str:
        """The unit of an indicator, base or derived."""
        base, suffix = self.split(indicator)
        return (self.derivations[suffix].unit if suffix else None) or self.declared(base).unit

    def interval(self, indicator: str) -> Interval:
        """What the bounds of an indicator are, base or derived."""
        base, suffix = self.split(indicator)
        if suffix:
            return self.derivations[suffix].interval or self.interval(base)
        declared = self.declared(base)
        return declared.interval if isinstance(declared, Estimate) else "rounding"

    def is_estimated(self, indicator: str) -> bool:
        """Whether a method estimates an indicator, so that only a study can make it."""
        base, suffix = self.split(indicator)
        return isinstance(self.declared(base), Estimate) or bool(suffix and self.derivations[suffix].interval)

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
        """The datasets that an indicator uses, in the order of its formula; empty for a measure of the data themselves."""
        base, _ = self.split(indicator)
        declared = self.declared(base)
        if isinstance(declared, Count):
            return tuple(dict.fromkeys(source.dataset for source in declared.sources))
        if isinstance(declared, Difference) and declared.published_together:
            return tuple(dict.fromkeys(dataset for pair in declared.published_together for dataset in pair))
        return tuple(dict.fromkeys(dataset for other in declared.terms for dataset in self.datasets(other)))

    def partner(self, indicator: str, dataset: str) -> tuple[str, str] | None:
        """The count and dataset published together with a dataset of a count; None where it was published by itself."""
        for declared in self.indicators.values():
            if isinstance(declared, Difference) and indicator in declared.terms:
                own = declared.terms.index(indicator)
                for pair in declared.published_together:
                    if pair[own] == dataset:
                        return declared.terms[1 - own], pair[1 - own]
        return None

    def counts_of(self, dataset: str) -> list[tuple[str, CountSource]]:
        """The indicators that count a dataset, as declared, and how."""
        return [
            (indicator, source)
            for indicator, declared in self.indicators.items()
            for source in (declared.sources if isinstance(declared, Count) else ())
            if source.dataset == dataset
        ]

    def is_of_a_sample(self, indicator: str) -> bool:
        """Whether any of the counts that an indicator is computed from is an estimate from a sample."""
        return any(self.count(count).sample for count in self.counts(indicator))

    def counts(self, indicator: str) -> tuple[str, ...]:
        """The counts that an indicator is computed from, in the order of its formula; for a count, itself."""
        base, _ = self.split(indicator)
        declared = self.declared(base)
        if isinstance(declared, Count):
            return (base,)
        return tuple(dict.fromkeys(count for other in declared.terms for count in self.counts(other)))


def read_indicators(project: Project) -> Indicators:
    """Read the declared indicators, and check that each one named in a formula is declared itself."""
    indicators = read_yaml(project.params / "indicators.yaml", Indicators)
    for indicator, declared in indicators.indicators.items():
        indicators.datasets(indicator)
        if isinstance(declared, Difference):
            _check_published_together(indicators, indicator, declared)
    for suffix, derivation in indicators.derivations.items():
        if derivation.interval is None and suffix not in get_args(Suffix):
            raise InvalidDeclaration(
                f"nothing evaluates the suffix {suffix}",
                where="params/indicators.yaml, derivations",
                expected=f"an interval, for what a method estimates; or {near(suffix, get_args(Suffix))}",
            )
    return indicators


def _check_published_together(indicators: Indicators, indicator: str, declared: Difference) -> None:
    for position, term in enumerate(declared.terms):
        counted = indicators.datasets(term) if isinstance(indicators.declared(term), Count) else ()
        for pair in declared.published_together:
            if pair[position] not in counted:
                raise InvalidDeclaration(
                    f"{indicator} takes {term} from {pair[position]}, which is not one of its datasets",
                    where="params/indicators.yaml, published_together",
                    expected=f"one of the datasets that {term} counts: {', '.join(counted) or 'none, because it is not a count'}",
                    found=pair[position],
                )

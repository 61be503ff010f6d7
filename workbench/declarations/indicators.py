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


class Count(_Indicator):
    """Observations as they are: those of ``dataset`` ``where`` the dimensions have these codes."""

    formula: Literal["count"]
    dataset: str
    where: dict[str, str] = {}


class Ratio(_Indicator):
    """``numerator`` / ``denominator`` × ``per``, two indicators of the same country and time."""

    formula: Literal["ratio"]
    numerator: str
    denominator: str
    per: int = Field(ge=1)


class Share(_Indicator):
    """The ``part`` of an indicator in its total, ``excluding`` what is not known, in per cent."""

    formula: Literal["share"]
    of: str
    part: dict[str, str]
    excluding: dict[str, str] = {}


class Derivation(Declaration):
    """What a suffix makes of an indicator. ``label`` and ``definition`` name that indicator as ``{indicator}``."""

    label: str
    unit: str
    definition: str
    reference: str


Indicator = Annotated[Count | Ratio | Share, Field(discriminator="formula")]
Suffix = Literal["_change_pct", "_rank_eu27", "_ranked_eu27", "_share_eu27_pct", "_share_pct"]


class Indicators(Declaration):
    """All declared indicators, and the derivations that apply to any."""

    indicators: dict[str, Indicator]
    derivations: dict[Suffix, Derivation]

    def declared(self, indicator: str) -> Count | Ratio | Share:
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
        return self.derivations[suffix].unit if suffix else self.declared(base).unit

    def datasets(self, indicator: str) -> tuple[str, ...]:
        """The datasets that an indicator takes, in the order of its formula."""
        base, _ = self.split(indicator)
        declared = self.declared(base)
        if isinstance(declared, Count):
            return (declared.dataset,)
        sources = (declared.numerator, declared.denominator) if isinstance(declared, Ratio) else (declared.of,)
        return tuple(dict.fromkeys(dataset for source in sources for dataset in self.datasets(source)))


def read_indicators(project: Project) -> Indicators:
    """Read the declared indicators, and check that each one named in a formula is declared itself."""
    indicators = read_yaml(project.params / "indicators.yaml", Indicators)
    for indicator in indicators.indicators:
        indicators.datasets(indicator)
    return indicators

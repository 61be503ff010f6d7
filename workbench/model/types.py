"""The terms of the field as types; see ``README.md`` for what each means."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from workbench.model.names import query_of

NOT_AVAILABLE = "x"
"""The flag of a number that was asked for and is not in the vintage used; that is not zero."""

CARRIED_OVER = "l"
"""The flag of a number that was not counted: the provider repeats the year before in every part (SDMX: imputed by carrying
the last value forward). It has no value."""

WITHHELD = "u"
"""The flag of a number that is of low reliability, or withheld for it."""

NOT_APPLICABLE = "z"
"""The flag of a number that cannot be: the rank of a country among those it does not belong to, what did not exist yet."""

BREAK = "b"
"""The flag of the first number after a break in the series."""

PROVISIONAL = "p"
"""The flag of a number that the provider may still revise."""

NO_VINTAGE = "none"
"""The vintage of a number whose dataset has no snapshot."""

TOTALS = ("TOTAL", "T")
"""The codes that stand for the total over a dimension."""

UNKNOWN = "UNK"
"""The code of what is not known of a dimension."""

OTHER = "OTHER"
"""The code of what is left of a whole beside the parts that are named."""

NOT_BROKEN_DOWN = "NOT_BROKEN_DOWN"
"""The code of the remainder where the known parts of a whole do not add up to it, although they should."""


def message(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, order=True)
class SnapshotId:
    """The address of a snapshot: agency, dataset and vintage (an ISO date)."""

    agency: str
    dataset: str
    vintage: str

    def __str__(self) -> str:
        return f"{self.agency}/{self.dataset}/{self.vintage}"


@dataclass(frozen=True)
class Result:
    """One published number.

    Attributes
    ----------
    indicator : str
        Id of the indicator, as declared in ``params/indicators.yaml`` or derived from one by a suffix.
    geo : str
        Code of the reporting country or aggregate.
    breakdown : str
        ``dimension=CODE`` joined by ``;`` in alphabetical order of dimension; empty for the total.
    time : str
        ``2023``, ``2023-Q4`` or ``2023-11``.
    value, low, high : float
        The value, and the bounds that the rounding of its observations allows; NaN where not available.
    unit : str
        Of all three.
    flags : str
        Letters of OBS_STATUS and CONF_STATUS of all observations behind the number, sorted.
    dataset, vintage : str
        Where it comes from; joined by ``+`` where an indicator uses two datasets.
    """

    indicator: str
    geo: str
    breakdown: str
    time: str
    value: float
    low: float
    high: float
    unit: str
    flags: str
    dataset: str
    vintage: str

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What identifies the number: indicator, geo, breakdown, time, dataset, vintage."""
        return self.indicator, self.geo, self.breakdown, self.time, self.dataset, self.vintage

    @property
    def is_available(self) -> bool:
        """Whether there is a value to show."""
        return not math.isnan(self.value)

    @property
    def is_reliable(self) -> bool:
        """Whether there is a value, and it is not flagged as of low reliability, as estimates from few persons are."""
        return self.is_available and WITHHELD not in self.flags

    @property
    def codes(self) -> dict[str, str]:
        """Dimension to code of the breakdown."""
        return dict(part.split("=", 1) for part in self.breakdown.split(";") if part)

    def code(self, dimension: str) -> str:
        """The code of a dimension of the breakdown, ``TOTAL`` where the number is not broken down by it."""
        return self.codes.get(dimension, "TOTAL")

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """Dataset and vintage of everything that the number was computed from."""
        return tuple(zip(self.dataset.split("+"), self.vintage.split("+"), strict=True))

    @property
    def has_vintage(self) -> bool:
        """Whether every dataset that the number uses has a snapshot."""
        return NO_VINTAGE not in self.vintage.split("+")


RESULT_COLUMNS = tuple(Result.__dataclass_fields__)
NUMBER_COLUMNS = ("value", "low", "high")


BY = " by "
"""Separates dataset and dimension in the name of a breakdown that has a vintage of its own."""

IS = "="
"""Separates dimension and code, where only what has that code has a vintage of its own: ``lfsa_ergan by age=Y15-64``."""


@dataclass(frozen=True)
class Run:
    """One study × country × reference year, with all that is needed to execute it; it is worded in any language.

    ``parameters`` are the study's own beside country and year; ``vintages`` says for each dataset, and for
    each breakdown that has a vintage of its own, which snapshot is read. ``edition`` is the name of the edition that it
    belongs to, and so of the folder of its files: by default that of its year.
    """

    study: str
    country: str
    year: int
    parameters: Mapping = field(default_factory=lambda: MappingProxyType({}))
    vintages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    edition: str = ""

    def __post_init__(self) -> None:
        if not self.edition:
            object.__setattr__(self, "edition", str(self.year))

    def __str__(self) -> str:
        named = f"{self.study} {self.country} {self.year}"
        return named if self.is_of_its_year else f"{named} ({self.edition})"

    @property
    def is_of_its_year(self) -> bool:
        """Whether it belongs to the edition of its reference year."""
        return self.edition == str(self.year)

    @property
    def command(self) -> str:
        """The command that makes it."""
        if query_of(self.edition):
            return f"workbench query {self.study}"
        if self.is_of_its_year:
            return f"workbench run {self.study} --country {self.country} --year {self.year}"
        return f"workbench edition {self.edition} --country {self.country}"

    @property
    def snapshots(self) -> set[tuple[str, str]]:
        """Dataset and vintage of each snapshot that it reads."""
        return {(name.partition(BY)[0], vintage) for name, vintage in self.vintages.items()}


def broken_down(dataset: str, dimension: str) -> str:
    """The name of a breakdown that has a vintage of its own, among the vintages of a run or of an edition; ``dimension``
    may have one code, ``age=Y15-64``."""
    return f"{dataset}{BY}{dimension}"


@dataclass(frozen=True)
class Replaced:
    """The archive that another replaces.

    Attributes
    ----------
    name, digest : str
        ``2022-r1``, and the sha256 of the file.
    reason : str
        The corrections that it has not; or that there is none.
    changed : str
        How many files changed, by folder.
    is_told : bool
        Whether there is a correction.
    """

    name: str
    digest: str
    reason: str
    changed: str
    is_told: bool


@dataclass(frozen=True)
class Sealed:
    """An archive that holds an edition, whether it was written now or existed before, and which it replaces if it is new."""

    path: Path
    is_new: bool
    replaces: Replaced | None = None

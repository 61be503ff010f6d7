"""What is asked of an indicator: of which countries, for which periods, broken down by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EU27 = "EU27_2020"
SCHENGEN = "SCHENGEN"

Breakdown = Mapping[str, str | Sequence[str]]
"""Dimension to code, codes, or ``"*"`` for every single one; the total over each dimension that is not named."""


@dataclass(frozen=True)
class Asked:
    """What is asked of an indicator.

    Attributes
    ----------
    indicator : str
        A declared id.
    geo, time : sequence of str
        Reporting countries or aggregates, and periods.
    breakdown : Breakdown
        The codes of the dimensions that it is broken down by.
    """

    indicator: str
    geo: Sequence[str]
    time: Sequence[str]
    breakdown: Breakdown

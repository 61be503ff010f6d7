"""Results and sentences for the tests of judgements: made-up numbers of Lithuania."""

import math

from workbench.indicators.results import Results
from workbench.model.sentence import Period, Sentence
from workbench.model.types import NOT_AVAILABLE, Result
from workbench.presentation.sentences import sentence


def made_up(value: float | None, time: str = "2022", *, indicator: str = "made_up", flags: str = "", **other) -> Result:
    """A number, not available where the value is None; ``other`` is its place, codes, dataset and vintage."""
    is_there = value is not None
    number = float(value) if is_there else math.nan
    dataset, vintage = other.pop("dataset", "made_up_data"), other.pop("vintage", "2023-01-01")
    geo = other.pop("geo", "LT")
    breakdown = ";".join(f"{dimension}={code}" for dimension, code in sorted(other.items()))
    flags = flags or ("" if is_there else NOT_AVAILABLE)
    return Result(indicator, geo, breakdown, time, number, number, number, "persons", flags, dataset, vintage)


def series(*values: float | None, first: int = 2015, **other) -> Results:
    """A number a year."""
    return Results(made_up(value, str(first + place), **other) for place, value in enumerate(values))


def said(text: str, *stated: Result | Period) -> Sentence:
    """A sentence that states some numbers and periods after its text."""
    bound = {f"stated_{place}": value for place, value in enumerate(stated)}
    return sentence(" ".join([text, *(f"{{{name}}}" for name in bound)]), bound)

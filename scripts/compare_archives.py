"""Compare the published numbers of two archives of an edition, as Markdown.

``python scripts/compare_archives.py outputs/archive/2022-r1.zip outputs/archive/2022-r2.zip`` verifies both and lists, for
each study and country, how many numbers are new, gone and changed, and the first of those that changed. It ends with 1 if
one of the archives is damaged, and with 0 whatever changed.
"""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.archiving import verify
from workbench.model.errors import WorkbenchError

_RESULTS = re.compile(r"[^/]+/data/studies/(?P<country>[^/]+)/(?P<study>[^/]+)\.results\.csv")
_KEY = ("indicator", "geo", "breakdown", "time", "unit", "dataset")
_NUMBER = ("value", "low", "high", "flags")  # a new vintage that says the same is no change
_MOST_SHOWN = 20

Numbers = dict[tuple[str, ...], tuple[str, ...]]
"""What identifies a published number, to the number itself."""


@dataclass(frozen=True)
class Difference:
    """How the numbers of a study for a country differ between two archives."""

    study: str
    country: str
    new: Numbers
    gone: Numbers
    changed: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]


def compare(older: Path, newer: Path) -> Iterator[Difference]:
    """Compare two archives; studies whose numbers are the same are left out.

    Raises
    ------
    DamagedArchive
        If one of them is not what it was sealed as.
    """
    for archive in (older, newer):
        verify(archive)
    before, after = _results(older), _results(newer)
    for study, country in sorted(before.keys() | after.keys()):
        one, other = before.get((study, country), {}), after.get((study, country), {})
        if one != other:
            yield _difference(study, country, one, other)


def markdown(older: str, newer: str, differences: list[Difference]) -> str:
    """The comparison as a table of counts, and one of the changed numbers of each study."""
    title = f"## {newer} compared with {older}"
    if not differences:
        return f"{title}\n\nAll published numbers are the same.\n"
    counts = [
        f"| {one.study} | {one.country} | {len(one.new)} | {len(one.gone)} | {len(one.changed)} |"
        for one in differences
    ]
    header = ["| study | country | new | gone | changed |", "| --- | --- | ---: | ---: | ---: |"]
    return "\n".join([title, "", *header, *counts, *(line for one in differences for line in _changes(one)), ""])


def _results(archive: Path) -> dict[tuple[str, str], Numbers]:
    with zipfile.ZipFile(archive) as zipped:
        return {
            (found["study"], found["country"]): _numbers(zipped.read(name).decode("utf-8"))
            for name in zipped.namelist()
            if (found := _RESULTS.fullmatch(name))
        }


def _numbers(content: str) -> Numbers:
    rows = csv.DictReader(io.StringIO(content))
    return {tuple(row[column] for column in _KEY): tuple(row[column] for column in _NUMBER) for row in rows}


def _difference(study: str, country: str, before: Numbers, after: Numbers) -> Difference:
    changed = {key: (before[key], after[key]) for key in before.keys() & after.keys() if before[key] != after[key]}
    return Difference(study, country, _without(after, before), _without(before, after), changed)


def _without(numbers: Numbers, others: Mapping) -> Numbers:
    return {key: number for key, number in numbers.items() if key not in others}


def _changes(difference: Difference) -> Iterator[str]:
    if not difference.changed:
        return
    yield from (
        "",
        f"### {difference.study} {difference.country}",
        "",
        "| number | before | after |",
        "| --- | ---: | ---: |",
    )
    for key, (before, after) in sorted(difference.changed.items())[:_MOST_SHOWN]:
        yield f"| {' '.join(filter(None, key))} | {_shown(before)} | {_shown(after)} |"
    if (more := len(difference.changed) - _MOST_SHOWN) > 0:
        yield f"| and {more} more | | |"


def _shown(number: tuple[str, ...]) -> str:
    value, _, _, flags = number
    return " ".join(filter(None, (value or "not available", flags)))


def main(older: str, newer: str) -> int:
    """Print the comparison."""
    try:
        differences = list(compare(Path(older), Path(newer)))
    except WorkbenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(markdown(Path(older).name, Path(newer).name, differences), end="")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python scripts/compare_archives.py OLDER.zip NEWER.zip")
    sys.exit(main(*sys.argv[1:]))

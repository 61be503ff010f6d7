"""Figures carried over: a year for which a provider repeats the year before in every part, and counts nothing."""

from functools import lru_cache

import numpy
import pyarrow

from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import CarriedOver, DatasetDeclaration


def carried_over(snapshot: Snapshot, declaration: DatasetDeclaration) -> frozenset[tuple[str, str]]:
    """The countries and years whose observations are those of the year before, each and every one.

    Where a country has not reported, a provider may publish the last figures again. Two years are never alike in some ten
    counts by chance, so this is what the dataset's declaration calls carried over: at least so many parts, of at least so
    many persons, none of them new, gone or changed. Zeros are no parts, for some vintages name them and others do not.

    Returns
    -------
    frozenset of (str, str)
        ``geo`` and ``time``; the values can still be had under the year before. Empty for a dataset that is not said to
        carry figures over: a rounded stock may well stay what it was.
    """
    return _repeated(snapshot, declaration.carried_over) if declaration.carried_over else frozenset()


@lru_cache(maxsize=32)
def _repeated(snapshot: Snapshot, threshold: CarriedOver) -> frozenset[tuple[str, str]]:
    # Stored rows are sorted by place, dimensions and time: a part of one year stands below the same part of the year before.
    stored = snapshot.opened().select({}).unify_dictionaries().combine_chunks()
    value = stored.column("value").to_numpy()
    counted = value > 0
    value = value[counted]
    codes = {axis: _codes(stored, axis)[counted] for axis in (*snapshot.opened().dimensions, "time")}
    years = numpy.array(stored.column("time").chunk(0).dictionary.to_pylist(), dtype=int)[codes.pop("time")]
    repeats = numpy.zeros(len(value), dtype=bool)
    repeats[1:] = (years[1:] == years[:-1] + 1) & (value[1:] == value[:-1])
    for of_axis in codes.values():
        repeats[1:] &= of_axis[1:] == of_axis[:-1]
    if not len(years):
        return frozenset()
    # A number for each place and year; between two places stands a year without any part.
    first, span = years.min(), years.max() - years.min() + 2
    number = codes["geo"] * span + years - first + 1
    size = number.max() + 1
    parts, repeated = (numpy.bincount(number[which], minlength=size) for which in (slice(None), repeats))
    persons = numpy.bincount(number, value, size)
    found = (parts >= threshold.parts) & (persons >= threshold.persons) & (repeated == parts)
    found[1:] &= parts[1:] == parts[:-1]
    places = stored.column("geo").chunk(0).dictionary.to_pylist()
    return frozenset((places[at // span], str(first + at % span - 1)) for at in numpy.flatnonzero(found).tolist())


def _codes(stored: pyarrow.Table, axis: str) -> numpy.ndarray:
    return stored.column(axis).chunk(0).indices.to_numpy().astype(numpy.int64)

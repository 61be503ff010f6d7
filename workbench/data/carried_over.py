"""Figures carried over: a year for which a provider repeats the year before in every part instead of counting."""

from functools import lru_cache

import numpy
import pyarrow

from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import CarriedOver, DatasetDeclaration


def carried_over(snapshot: Snapshot, declaration: DatasetDeclaration) -> frozenset[tuple[str, str]]:
    """The countries and years whose observations are all those of the year before.

    Where a country has not reported, a provider may publish the last figures again. Two years never agree in ten or more
    counts by chance, so the declaration of a dataset sets a threshold: a year is carried over if at least this many parts,
    of at least this many persons, are neither new, gone nor changed. Zeros are not parts, because some vintages list them
    and others do not.

    Returns
    -------
    frozenset of (str, str)
        ``geo`` and ``time``; the values are still available under the year before. Empty for a dataset without a threshold:
        a rounded stock may well remain the same.
    """
    return _repeated(snapshot, declaration, declaration.carried_over) if declaration.carried_over else frozenset()


@lru_cache(maxsize=32)
def _repeated(
    snapshot: Snapshot, declaration: DatasetDeclaration, threshold: CarriedOver
) -> frozenset[tuple[str, str]]:
    # Stored rows are sorted by place, dimensions and time: a part follows the same part of the year before.
    form = snapshot.opened(declaration)
    stored = form.select({}).unify_dictionaries().combine_chunks()
    value = stored.column("value").to_numpy()
    counted = value > 0
    value = value[counted]
    codes = {axis: _codes(stored, axis)[counted] for axis in (*form.dimensions, "time")}
    years = numpy.array(stored.column("time").chunk(0).dictionary.to_pylist(), dtype=int)[codes.pop("time")]
    repeats = numpy.zeros(len(value), dtype=bool)
    repeats[1:] = (years[1:] == years[:-1] + 1) & (value[1:] == value[:-1])
    for of_axis in codes.values():
        repeats[1:] &= of_axis[1:] == of_axis[:-1]
    if not len(years):
        return frozenset()
    # A number for each place and year; a year without any part separates two places.
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

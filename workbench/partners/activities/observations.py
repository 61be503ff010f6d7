"""A register as observations: each activity, and what they come to by area, kind, institution, funding, partner and month.

All that a study shows is a sum that is made here once: an activity with two partners counts with each of them, and once in all.
Where nothing was done the sum is zero, for the register is complete.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pandas

from workbench.data.formats.cells import MEASURED
from workbench.declarations.activities import Register
from workbench.model.periods import months_of
from workbench.partners.activities.reading import Entry, Group

_DIMENSIONS = ("entry", "activity", "area", "institution", "funding", "partner")

Row = dict[str, Any]


def observations_of(register: Register, entries: Sequence[Entry], years: Iterable[int]) -> pandas.DataFrame:
    """The observations of some years, one a row; the index is the row."""
    partners = sorted({partner for entry in entries for partner in entry.activity.partners})
    rows = [
        row
        for year in years
        for row in _of_year(register, [entry for entry in entries if entry.activity.year == year], year, partners)
    ]
    columns = ["freq", "geo", *_DIMENSIONS, "sex", "measure", *MEASURED]
    frame = pandas.DataFrame([_filled(register, row) for row in rows], columns=columns, dtype=object)
    frame.index = pandas.RangeIndex(1, len(frame) + 1)
    return frame


def _filled(register: Register, row: Row) -> Row:
    totals = dict.fromkeys(_DIMENSIONS, "TOTAL")
    return {"freq": "A", "geo": register.country, **totals, "sex": "T", "obs_status": "", "conf_status": "", **row}


def _of_year(register: Register, entries: list[Entry], year: int, partners: list[str]) -> Iterator[Row]:
    time = {"time": str(year)}
    with_partners = {partner for entry in entries for partner in entry.activity.partners}
    yield {"measure": "PARTNERS", "value": str(len(with_partners)), **time}
    yield from _sums(entries, time)
    by: dict[str, tuple[Iterable[str], Callable[[Entry], str]]] = {
        "activity": (register.codes("kind"), lambda entry: entry.activity.kind),
        "area": (register.codes("area"), lambda entry: entry.activity.area),
        "funding": (register.codes("funding"), lambda entry: entry.activity.funding),
        "entry": ([entry.activity.code for entry in entries], lambda entry: entry.activity.code),
    }
    for dimension, (codes, of) in by.items():
        for code in codes:
            yield from _sums([entry for entry in entries if of(entry) == code], {dimension: code, **time})
    for partner in partners:
        together = [entry for entry in entries if partner in entry.activity.partners]
        yield from _sums(together, {"partner": partner, **time})
    for institution in register.codes("institution"):
        yield from _participants(_groups(entries, institution), {"institution": institution, **time})
        for area in register.codes("area"):
            of_area = [entry for entry in entries if entry.activity.area == area]
            where = {"institution": institution, "area": area, **time}
            yield from _participants(_groups(of_area, institution), where)
    for month in months_of(year):
        begun = [entry for entry in entries if str(entry.activity.first).startswith(month)]
        for area in ("TOTAL", *register.codes("area")):
            number = sum(area in ("TOTAL", entry.activity.area) for entry in begun)
            yield {"freq": "M", "measure": "ACTIVITIES", "area": area, "time": month, "value": str(number)}


def _sums(entries: Sequence[Entry], where: Row) -> Iterator[Row]:
    yield {"measure": "ACTIVITIES", "value": str(len(entries)), **where}
    yield {"measure": "DAYS", "value": str(sum(entry.activity.days for entry in entries)), **where}
    yield from _participants([group for entry in entries for group in entry.groups], where)


def _groups(entries: Iterable[Entry], institution: str) -> list[Group]:
    return [group for entry in entries for group in entry.groups if group.institution == institution]


def _participants(groups: Sequence[Group], where: Row) -> Iterator[Row]:
    counts = {
        "T": sum(group.participants for group in groups),
        "F": sum(group.women for group in groups),
        "M": sum(group.men for group in groups),
        "UNK": sum(group.sex_not_recorded for group in groups),
    }
    for sex, number in counts.items():
        yield {"measure": "PARTICIPANTS", "sex": sex, "value": str(number), **where}

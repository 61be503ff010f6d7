"""Files that look right and are wrong: what a new snapshot is compared with before it is stored, and what is said of it.

Each check is a function of what it looks at. Where a file is hardly what it is taken for, it is refused unless whoever
imports it knows better; where it may well be, there is a warning. The thresholds lie far from what official revisions did to
the vintages at hand: of a thousand cells above a hundred persons none changed by more than half, and one, the emigrants of
France in 2020, trebled from one dataset to its selection.
"""

import datetime
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy

from workbench.data.normal_form import NormalForm
from workbench.data.overlap import Cells, Overlap, overlap
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.data.storing import Stored
from workbench.declarations.codelists import code_list, has_code_list
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.provider_lists import CodeLists
from workbench.model.counted import counted
from workbench.model.errors import DoubtfulFile, near
from workbench.model.periods import days_of, in_a_year
from workbench.model.types import TOTALS, UNKNOWN

_PERSONS = 8.5e9
"""More than there are people on earth."""
_COUNTED = ("PER", "NR")
_LENGTHS = {"A": 1, "Q": 4, "M": 12}
_SHARE = "%"

_SMALL = 100
"""A count below it may change by any factor when it is revised."""
_LARGE = 1_000
_SEVERAL, _MANY = 8, 20
_USUAL = (2 / 3, 3 / 2)
"""Between these is the median ratio of the cells of two vintages."""
_REVISED, _MISTAKEN = 5.0, 10.0
"""Factors by which a large cell is seldom, and never, revised."""
_ALIKE, _THE_SAME = 0.9, 0.98
"""Shares of equal cells at which figures were taken over, with later revisions or without."""
_SHOWN = 5

_A_TOTAL = re.compile(
    r"((grand|sub)[ _-]?)?totals?\b.*|.*\btotal|iš viso\b.*|.*\biš viso|all|visi|viso|suma?|gesamt|insgesamt|kopā|kokku|razem",
    re.IGNORECASE,
)
_SELECTION = re.compile(r"tps\d+|sdg_\w+")
"""Datasets that Eurostat makes from others: their figures are equal by design."""


@dataclass(frozen=True)
class Doubt:
    """Why a file may not be what it is taken for, and whether it is refused for that."""

    text: str
    refuses: bool = True


@dataclass(frozen=True)
class Candidate:
    """A file that was read and is not stored yet.

    Attributes
    ----------
    lists : mapping
        The provider's own code lists of the dataset, as far as they are kept.
    kin : tuple of str
        Datasets whose figures must agree with it.
    """

    dataset: str
    day: datetime.date
    declaration: DatasetDeclaration | None
    form: NormalForm
    stored: Stored
    lists: CodeLists
    kin: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        return self.declaration is not None and self.declaration.unit == _SHARE


def doubts_about(candidate: Candidate, store: SnapshotStore) -> list[Doubt]:
    """All that speaks against a file, what it is refused for first."""
    vintages = store.vintages(candidate.dataset)
    form = candidate.form
    held = [
        (vintage.id.vintage, vintage.opened(candidate.declaration)) for vintage in _nearest(vintages, candidate.day)
    ]
    before = {axis: set().union(*(old.codes.get(axis, ()) for _, old in held)) for axis in form.dimensions}
    cells = Cells.of(form)
    found: Iterable[Doubt] = itertools.chain(
        another_frequency(form.codes),
        not_over(form.codes["time"], candidate.day),
        impossible_figure(candidate.stored.largest, _unit(candidate)),
        totals_among_names(form.codes, before),
        new_aggregates(form.codes, before if _has_layout(candidate) else {}),
        codes_of_others(form.codes, candidate.lists),
        repeated_period(cells),
        *(_against_vintage(candidate, cells, old, vintage) for vintage, old in held),
        *(_against_kin(candidate, cells, store, dataset) for dataset in candidate.kin),
        another_dataset(candidate, cells, store),
    )
    return sorted(found, key=lambda doubt: not doubt.refuses)


def refusal(name: str, doubts: Iterable[Doubt]) -> DoubtfulFile:
    """The error about a file that is refused for some of these doubts."""
    return DoubtfulFile(
        f"{name} can be read, but is hardly what it is taken for",
        where=name,
        found="".join(f"\n    {doubt.text}" for doubt in doubts if doubt.refuses),
        unchanged="nothing was stored",
        hint="check the file, --dataset and --vintage; if you know that all is right, import it with --accept-doubts",
    )


def _has_layout(candidate: Candidate) -> bool:
    """Whether the file is a table of whoever published it, where rows of totals come in unseen; SDMX names aggregates."""
    return candidate.declaration is not None and candidate.declaration.layout is not None


def another_frequency(codes: Mapping[str, Collection[str]]) -> Iterator[Doubt]:
    """Periods of another length than the frequency says."""
    stated = {*codes.get("freq", ())} & _LENGTHS.keys()
    found = {in_a_year(time) for time in codes["time"]}
    if stated and not found <= {_LENGTHS[code] for code in stated}:
        periods = ", ".join(sorted(codes["time"])[:_SHOWN])
        yield Doubt(f"the frequency is {', '.join(sorted(stated))}, and the periods are {periods}")


def not_over(times: Sequence[str], day: datetime.date) -> Iterator[Doubt]:
    """Periods that had not begun on the day of the vintage."""
    later = [time for time in times if days_of(time)[0] > day]
    if later:
        yield Doubt(f"{', '.join(later[:_SHOWN])} had not begun on {day}, the day of the vintage")


def impossible_figure(largest: tuple[float, str] | None, unit: str | None) -> Iterator[Doubt]:
    """More persons than there are, or more than the whole in a share."""
    if largest is None or unit is None:
        return
    value, where = largest
    if value > (100 if unit == _SHARE else _PERSONS):
        yield Doubt(f"{value:,.10g} {unit} cannot be ({where})")


def _unit(candidate: Candidate) -> str | None:
    """What is counted; None where it may be money or anything else."""
    if candidate.declaration:
        return candidate.declaration.unit
    return "persons" if set(candidate.form.codes.get("unit", ())) & set(_COUNTED) else None


def totals_among_names(codes: Mapping[str, Collection[str]], before: Mapping[str, Collection[str]]) -> Iterator[Doubt]:
    """A code that is named like a total and would be taken for one of the parts."""
    for axis in codes.keys() - {"time"}:
        known = code_list(axis).codes if has_code_list(axis) else {}
        for code in sorted({*codes[axis]} - {*known, *TOTALS} - {*before.get(axis, ())}):
            if _A_TOTAL.fullmatch(code):
                yield Doubt(f"{axis} {code!r} is named like a total, and would be counted among the parts")


def new_aggregates(codes: Mapping[str, Collection[str]], before: Mapping[str, Collection[str]]) -> Iterator[Doubt]:
    """A total beside parts in a dimension that held parts alone until now."""
    for axis, old in before.items():
        parts = {code for code in codes[axis] if not is_aggregate(axis, code)}
        totals = {*codes[axis]} - parts - {*old}
        if totals and len(parts) > 1 and len(old) > 1 and not any(is_aggregate(axis, code) for code in old):
            yield Doubt(
                f"{axis} has the aggregates {', '.join(sorted(totals))} beside {len(parts)} parts; "
                "the vintages before have parts alone",
                refuses=False,
            )


def is_aggregate(axis: str, code: str) -> bool:
    """Whether a code stands for several others; one that no list has is taken for a part."""
    if code in TOTALS:
        return True
    return has_code_list(axis) and code in code_list(axis).codes and code_list(axis).code(code).kind == "aggregate"


def codes_of_others(codes: Mapping[str, Collection[str]], lists: CodeLists) -> Iterator[Doubt]:
    """Codes that no list has: refused if they are the ISO codes or labels of others, or if most of a dimension are."""
    for axis in codes.keys() - {"time"}:
        if not has_code_list(axis):
            continue
        known = code_list(axis)
        new = sorted({*codes[axis]} - {*known.codes, *TOTALS, UNKNOWN} - {*lists.get(axis, ())})
        meant = {code: own for code in new if (own := known.meant_by(code))}
        if meant:
            said = ", ".join(f"{code} for {own.code} ({own.label('en')})" for code, own in list(meant.items())[:_SHOWN])
            yield Doubt(
                f"{counted(len(meant), 'code')} of {axis} {_is(meant)} not the provider's: {said}; "
                f"say under {axis} in a file for --labels what they stand for"
            )
        if others := [code for code in new if code not in meant]:
            said = ", ".join(f"{code} ({near(code, known.codes, 3)})" for code in others[:_SHOWN])
            yield Doubt(
                f"{len(others)} of {len(codes[axis])} codes of {axis} {_is(others)} in no code list: {said}",
                refuses=2 * len(others) > len(codes[axis]) > 1,
            )


def _is(codes: Collection[str]) -> str:
    return "is" if len(codes) == 1 else "are"


def repeated_period(cells: Cells) -> Iterator[Doubt]:
    """A newest period whose figures are those of the period, or the year, before."""
    newest = max(cells.codes["time"])
    for later in dict.fromkeys((1, in_a_year(newest))):
        same = overlap(cells, cells, later=later, times=[newest])
        many, share = _equal(same)
        if many >= _SEVERAL and share >= _THE_SAME:
            before = "the year before" if later == in_a_year(newest) else "the period before"
            yield Doubt(
                f"{newest} repeats {before} in {_of_all(share, many)}: figures were carried over, or a year was mistyped",
                refuses=many >= _MANY,
            )


def _against_vintage(candidate: Candidate, cells: Cells, old: NormalForm, vintage: str) -> Iterator[Doubt]:
    """All that another vintage of the dataset says against a file."""
    others = Cells.of(old)
    both = overlap(cells, others)
    form = candidate.form
    if (form.rows, form.codes) == (old.rows, old.codes) and len(both) and (both.mine == both.other).all():
        is_older = vintage < str(candidate.day)
        said = "a vintage that is not the one before: is the day right?" if is_older else "a later vintage"
        yield Doubt(f"it holds the same as {vintage}, {said}", refuses=is_older)
    elif scaled := different_scale(both, vintage, candidate.is_share):
        yield scaled
    elif not candidate.is_share:
        yield from contradicted_cells(both, vintage)
    many, share = _equal(both)
    if many < _MANY or share < 0.5:
        yield from shifted(cells, others, vintage)


def _against_kin(candidate: Candidate, cells: Cells, store: SnapshotStore, dataset: str) -> Iterator[Doubt]:
    """Figures that are far from those of a dataset with which they must agree; the two may be revised apart."""
    for newest in store.vintages(dataset)[-1:]:
        both = overlap(cells, Cells.of(newest.opened()))
        if scaled := different_scale(both, str(newest.id), candidate.is_share):
            yield scaled
        else:
            yield from (doubt for doubt in contradicted_cells(both, str(newest.id)) if doubt.refuses)


def different_scale(both: Overlap, vintage: str, is_share: bool = False) -> Doubt | None:
    """Whether the cells of two vintages differ by one factor, such as a power of ten or the two of a double count."""
    judged = both.where(
        (both.mine > 0) & (both.other > 0) & (is_share | (numpy.maximum(both.mine, both.other) >= _SMALL))
    )
    if len(judged) < _SEVERAL:
        return None
    ratio = float(numpy.median(judged.mine / judged.other))
    if _USUAL[0] <= ratio <= _USUAL[1]:
        return None
    return Doubt(
        f"half of its figures are {_times(ratio)} those of {vintage} or further off, {len(judged):,} compared"
        f"{_reason(ratio)}: {_shown(judged, vintage)}"
    )


def _times(ratio: float) -> str:
    return f"{ratio:,.3g} times" if ratio >= 1 else f"1/{1 / ratio:,.3g} of"


def _reason(ratio: float) -> str:
    """What a factor is typical of."""
    power = numpy.log10(ratio)
    if round(power) and abs(power - round(power)) < 0.02:
        return ", as if in another unit"
    return ", as if two definitions of one figure were added up" if abs(ratio - 2) < 0.1 else ""


def contradicted_cells(both: Overlap, vintage: str) -> Iterator[Doubt]:
    """Single large figures that another vintage contradicts by more than revisions do."""
    large, small = numpy.maximum(both.mine, both.other), numpy.minimum(both.mine, both.other)
    # A zero may be a late report.
    factor = numpy.where(large >= _LARGE, large / numpy.where(small > 0, small, numpy.nan), 1)
    kinds = (
        (factor >= _MISTAKEN, f"differ from {vintage} by a factor of {_MISTAKEN:g} or more", True),
        (
            (factor >= _REVISED) & (factor < _MISTAKEN),
            f"differ from {vintage} by a factor of {_REVISED:g} or more",
            False,
        ),
        ((small == 0) & (large >= _LARGE), f"are zero here or in {vintage} and large in the other", False),
    )
    for are, what, refuses in kinds:
        if are.any():
            said = _shown(both.where(are), vintage, among=both)
            yield Doubt(f"{are.sum():,} of {len(both):,} figures {what}: {said}", refuses)


def _shown(cells: Overlap, vintage: str, among: Overlap | None = None) -> str:
    """The cells that differ most, with both figures."""
    large, small = numpy.maximum(cells.mine, cells.other), numpy.minimum(cells.mine, cells.other)
    order = numpy.lexsort((-large, -large / numpy.maximum(small, 0.5)))[:_SHOWN].tolist()
    varying = (among or cells).varying
    lines = []
    for at in order:
        codes = " ".join(f"{axis} {code}" for axis, code in cells.cell(at).items() if axis in varying)
        lines.append(f"{codes}: {cells.mine[at]:,.12g} here, {cells.other[at]:,.12g} in {vintage}")
    return "; ".join(lines) + ("; …" if len(cells) > len(order) else "")


def shifted(cells: Cells, others: Cells, vintage: str) -> Iterator[Doubt]:
    """Figures that another vintage has under other periods."""
    year = in_a_year(max(cells.codes["time"]))
    for later in dict.fromkeys((1, -1, year, -year)):
        many, share = _equal(overlap(cells, others, later=later))
        if many >= _MANY and share >= _ALIKE:
            yield Doubt(
                f"its figures are those that {vintage} has {abs(later)} period{'s' if abs(later) > 1 else ''} "
                f"{'earlier' if later > 0 else 'later'}, in {_of_all(share, many)}"
            )
            return


def another_dataset(candidate: Candidate, cells: Cells, store: SnapshotStore) -> Iterator[Doubt]:
    """Figures that are those of another dataset with the same dimensions."""
    if _SELECTION.fullmatch(candidate.dataset):
        return
    for dataset in store.datasets():
        if dataset in (candidate.dataset, *candidate.kin) or _SELECTION.fullmatch(dataset):
            continue
        newest = store.vintages(dataset)[-1]
        other = NormalForm(newest.path)
        if {*other.dimensions} != {*candidate.form.dimensions}:
            continue
        many, share = _equal(overlap(cells, Cells.of(other)))
        if many >= _MANY and share >= _THE_SAME:
            yield Doubt(f"its figures are those of {newest.id} in {_of_all(share, many)}")


def _equal(both: Overlap, least: float = 10) -> tuple[int, float]:
    """How many cells of some size there are, and the share of those that are equal."""
    judged = both.where(numpy.maximum(both.mine, both.other) >= least)
    return len(judged), float((judged.mine == judged.other).mean()) if len(judged) else 0.0


def _of_all(share: float, many: int) -> str:
    return f"all of {many:,} figures" if share == 1 else f"{100 * share:.0f} % of {many:,} figures"


def _nearest(vintages: Sequence[Snapshot], day: datetime.date, most: int = 4) -> list[Snapshot]:
    """The vintages nearest to a day."""

    def days(vintage: Snapshot) -> int:
        return abs((datetime.date.fromisoformat(vintage.id.vintage[:10]) - day).days)

    return sorted(vintages, key=days)[:most]

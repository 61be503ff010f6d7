"""What an import would store, without storing it."""

import datetime
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from workbench.collecting.doubts import Doubt, is_aggregate
from workbench.collecting.files import Described, add_file, opened_file
from workbench.data.normal_form import NormalForm
from workbench.data.snapshots import Snapshot, SnapshotStore
from workbench.declarations.codelists import code_list, has_code_list
from workbench.model.paths import Project
from workbench.model.periods import in_a_year
from workbench.model.types import UNKNOWN

_SHOWN = 4
"""Codes that are named of each dimension."""
_ROWS = 5
_LENGTHS = {1: "years", 4: "quarters", 12: "months"}


@dataclass(frozen=True)
class Trial:
    """What an import would do: in words, and whether the file would be refused."""

    lines: tuple[str, ...]
    is_refused: bool


def try_import(
    project: Project,
    path: Path,
    dataset: str | None,
    day: datetime.date,
    time: str | None = None,
    labels: Path | None = None,
    *,
    template: Path | None = None,
    accept_doubts: bool = False,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    stored: Callable[[int], None] = lambda rows: None,
) -> Trial:
    """As `workbench.collecting.files.import_file`, into a store that is gone afterwards."""
    doubts: list[Doubt] = []
    with (
        tempfile.TemporaryDirectory(prefix="workbench-trial-") as folder,
        opened_file(project, path, dataset, time, labels, template) as file,
    ):
        store = SnapshotStore((*SnapshotStore.of(project).folders, Path(folder)))
        snapshot, is_new = add_file(store, file, day, doubts.extend, progress=progress, stored=stored)
        is_refused = not accept_doubts and any(doubt.refuses for doubt in doubts)
        lines = (
            *_described(file, snapshot, is_new),
            *(f"{_severity(doubt, accept_doubts)}: {doubt.text}" for doubt in doubts),
            "nothing was stored: this was a trial",
        )
    return Trial(lines, is_refused)


def _severity(doubt: Doubt, accept_doubts: bool) -> str:
    return "would be refused" if doubt.refuses and not accept_doubts else "warning"


def _described(file: Described, snapshot: Snapshot, is_new: bool) -> Iterator[str]:
    form = snapshot.opened()
    contents = _counted(form)
    yield f"{snapshot.id}: {snapshot.card.title}"
    if not is_new:
        yield "  is there already, with the same content: nothing would be added"
    yield f"  file          {file.native.form}, {file.given.stat().st_size:,} bytes; {snapshot.path.stat().st_size:,} as stored"
    yield f"  observations  {form.rows:,}, {contents.without_value:,} of them without a value"
    yield f"  periods       {_periods(form.codes['time'])}"
    for axis in form.dimensions:
        yield from _codes(axis, form.codes[axis], file.lists.get(axis, {}))
    yield f"  flags         {_flags(contents.flags)}"
    if snapshot.card.labels:
        said = [f"{label} = {code}" for labels in snapshot.card.labels.values() for label, code in labels.items()]
        yield f"  labels        {_first(said, len(said))}"
    yield "  first rows"
    yield from (f"    {line}" for line in _table(form))


@dataclass(frozen=True)
class _Contents:
    without_value: int
    flags: Mapping[str, int]


def _counted(form: NormalForm) -> _Contents:
    """How many observations have no value, and how many each flag; a confidential value has the flag of its status."""
    without, flags = 0, Counter[str]()
    for part in form.by_place():
        without += int(part.column("value").to_pandas().isna().sum())
        for column, mark in (("obs_status", ""), ("conf_status", "confidential ")):
            for flag, many in part.column(column).to_pandas().value_counts().items():
                if flag and many:
                    flags[f"{mark}{flag}"] += int(many)
    return _Contents(without, flags)


def _flags(flags: Mapping[str, int]) -> str:
    return ", ".join(f"{flag} {many:,}" for flag, many in sorted(flags.items())) or "none"


def _periods(times: Sequence[str]) -> str:
    if len(times) == 1:
        return times[0]
    lengths = [
        f"{sum(in_a_year(time) == length for time in times):,} {name}"
        for length, name in _LENGTHS.items()
        if any(in_a_year(time) == length for time in times)
    ]
    return f"{times[0]} to {times[-1]}: {', '.join(lengths)}"


def _codes(axis: str, codes: Sequence[str], listed: Mapping[str, str]) -> Iterator[str]:
    if len(codes) == 1:
        yield f"  {axis:13} {_named(axis, codes[0], listed)}"
        return
    apart = [code for code in codes if code == UNKNOWN or is_aggregate(axis, code)]
    single = [code for code in codes if code not in apart]
    named = [_named(axis, code, listed) for code in single[:_SHOWN]]
    yield f"  {axis:13} {len(codes):,} codes: {_first(named or ['none but aggregates'], len(single) or 1)}"
    if apart:
        yield f"  {'':13} never added up, as aggregates or unknown: {_first(apart[:12], len(apart))}"


def _named(axis: str, code: str, listed: Mapping[str, str]) -> str:
    if has_code_list(axis) and code in code_list(axis).codes:
        return f"{code} ({code_list(axis).label(code)})"
    return f"{code} ({listed[code]})" if code in listed else code


def _first(texts: Sequence[str], of: int) -> str:
    return ", ".join(texts) + (f", … ({of - len(texts):,} more)" if of > len(texts) else "")


def _table(form: NormalForm) -> Iterator[str]:
    """The first observations as stored, in columns."""
    names = [*form.dimensions, "time", "value", "obs_status", "conf_status"]
    parts = (part.slice(0, _ROWS).select(names).to_pylist() for part in form.by_place())
    first = list(islice(chain.from_iterable(parts), _ROWS))
    cells = [names, *([_cell(row[name]) for name in names] for row in first)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return ":" if math.isnan(value) else f"{value:.12g}"

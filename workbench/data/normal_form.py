"""The normal form in which a snapshot is stored: Parquet, sorted, each observation once.

Observations of a place lie together, so that a country is read without the others: rows are sorted by ``geo``, then by the
other dimensions and time. Columns of codes are dictionaries; all codes that occur stand in the file's metadata. What comes in
is put down in a temporary file place by place, so that memory does not grow with the number of rows.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from workbench.data.formats.cells import MEASURED, WORKERS, Block, NativeFile, ahead, understood
from workbench.data.formats.flags import confidentiality_among, confidentiality_status, observation_status
from workbench.data.formats.meanings import code_of, grouped_number, hold_labels_only, number, period
from workbench.data.formats.sdmx_csv import dataset_of, unit_multiplier
from workbench.data.formats.text import malformed, no_observation, place
from workbench.model.errors import MalformedFile

_TOGETHER = "geo"
_ROW_GROUP = 100_000
_CODES = b"codes"
_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_TEXT = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())


@dataclass(frozen=True)
class Stored:
    """What was stored of a file.

    Attributes
    ----------
    dataset, last_update : str or None
        As the file says; None where it does not.
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    rows : int
        Number of observations.
    """

    dataset: str | None
    last_update: str | None
    codes: dict[str, list[str]]
    rows: int


def store(file: NativeFile, target: Path, progress: Callable[[int], None] = lambda rows: None) -> Stored:
    """Bring a file into the normal form.

    Parameters
    ----------
    file : NativeFile
        Of any format.
    target : Path
        Where the Parquet file goes; whoever calls gives it its final name.
    progress : callable
        Called with the number of rows read so far.

    Raises
    ------
    MalformedFile
        With file, row and column, if a period or value is none, two rows have the same dimensions and time, or the rows
        are of more than one download.
    UnknownCode
        If a label or a flag is one that no code list has, naming the near ones.

    Notes
    -----
    Flags are parted as Eurostat has done since 27 January 2025, see `workbench.data.formats.flags`.
    """
    with tempfile.TemporaryFile(dir=target.parent) as spool:
        gathered = _Gathered(file)
        for block in file.blocks():
            gathered.add(block, spool)
            progress(gathered.rows)
        if not gathered.parts:
            raise no_observation(file.name)
        meanings = _meanings(file, gathered)
        return _write(file, gathered, meanings, spool, target)


# Gathering: every row becomes numbers, put down place by place


@dataclass
class _Texts:
    """The distinct texts of a column, numbered as they come."""

    numbers: dict[str, int] = field(default_factory=dict)

    def codes(self, cells: pyarrow.DictionaryArray) -> numpy.ndarray:
        known = self.numbers
        local = [known.setdefault(text, len(known)) for text in cells.dictionary.to_pylist()]
        return numpy.array(local, dtype=numpy.int32)[cells.indices.to_numpy()]


class _Gathered:
    """What has been read of a file: distinct texts by column, and where in the spool the rows of each place are."""

    def __init__(self, file: NativeFile):
        self.file = file
        self.keys = (*file.dimensions, "time")
        self.together = _TOGETHER if _TOGETHER in file.dimensions else self.keys[0]
        columns = (*self.keys, "obs_status", "conf_status")
        self.texts = {column: _Texts() for column in columns}
        self.about = {column: _Texts() for column in file.about}
        self.record = numpy.dtype([*((column, "i4") for column in columns), ("value", "f8")])
        self.parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.rows = 0
        self.grouped: tuple[str, str] | None = None

    def add(self, block: Block, spool: BinaryIO) -> None:
        """Put the rows of a block down, those of a place together."""
        if not len(block.rows):
            return
        for column, texts in self.about.items():
            texts.codes(block.texts[column])
        records = numpy.empty(len(block.rows), self.record)
        codes = {column: texts.codes(block.texts[column]) for column, texts in self.texts.items()}
        places = codes[self.together]
        order = numpy.argsort(places.astype(numpy.int16) if places.max() < 2**15 else places, kind="stable")
        for column, numbers in codes.items():
            records[column] = numbers[order]
        records["value"] = self._values(block)[order]
        spool.write(records.data)
        firsts = numpy.flatnonzero(numpy.diff(records[self.together], prepend=-1))
        for first, last in zip(firsts, [*firsts[1:], len(records)]):
            self.parts[int(records[self.together][first])].append((self.rows + int(first), int(last - first)))
        self.rows += len(records)

    def _values(self, block: Block) -> numpy.ndarray:
        cells = block.texts["value"]
        texts, codes = cells.dictionary, cells.indices.to_numpy()
        if pyarrow.compute.all(pyarrow.compute.match_substring_regex(texts, _PLAIN_NUMBER)).as_py():
            values = texts.cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
            if numpy.isfinite(values).all():
                return values[codes]

        def where(text: str) -> str:
            return self._place(block, int((codes == listed.index(text)).argmax()), "value")

        def value(text: str) -> float:
            try:
                return number(text)
            except MalformedFile:
                meant = grouped_number(text)
                self.grouped = self.grouped or (where(text), text)
                return meant

        listed = texts.to_pylist()
        return numpy.array(understood(listed, value, where), dtype=float)[codes]

    def _place(self, block: Block, position: int, column: str) -> str:
        heading = self.file.headings.get(column) or block.texts["time"][position].as_py()
        return place(self.file.name, int(block.rows[position]), heading)

    def place_of(self, column: str, text: str) -> str:
        """Where a text stands first: the file is read once more, for the error's sake."""
        for block in self.file.blocks():
            cells = block.texts[column]
            number = cells.dictionary.index(text).as_py()
            found = numpy.flatnonzero(cells.indices.to_numpy() == number) if number >= 0 else []
            if len(found):
                return self._place(block, int(found[0]), column)
        raise AssertionError(f"{text!r} was read from {self.file.name} before")

    def records(self, places: Sequence[int], spool: BinaryIO) -> numpy.ndarray:
        """All rows of some places, in the order of the file."""
        parts = sorted(part for one in places for part in self.parts[one])
        found = numpy.empty(sum(length for _, length in parts), self.record)
        begin = 0
        for first, length in parts:
            spool.seek(first * self.record.itemsize)
            spool.readinto(found[begin : begin + length].data.cast("B"))
            begin += length
        return found


# Understanding: every distinct text is judged once, all of a column together


@dataclass(frozen=True)
class _Meaning:
    """The codes of a column, sorted, and for each text of the file the position of its code."""

    codes: list[str]
    position: numpy.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Meaning":
        codes, position = numpy.unique(numpy.array(texts, dtype=object), return_inverse=True)
        return cls(codes.tolist(), position.astype(numpy.int32))


def _meanings(file: NativeFile, gathered: _Gathered) -> dict[str, _Meaning]:
    def meant(column: str, meaning: Callable[[str], str]) -> _Meaning:
        found = understood(gathered.texts[column].numbers, meaning, partial(gathered.place_of, column))
        return _Meaning.of(found)

    if gathered.grouped and not any(hold_labels_only(gathered.texts[name].numbers) for name in file.dimensions):
        where, text = gathered.grouped
        raise malformed(f"{text!r} is no number", where=where, expected="a number, or an empty cell", found=repr(text))
    meanings = {name: meant(name, code_of(name, gathered.texts[name].numbers)) for name in file.dimensions}
    return meanings | {
        "time": meant("time", period),
        "obs_status": meant("obs_status", observation_status),
        "conf_status": meant("conf_status", confidentiality_status),
        "among_flags": meant("obs_status", confidentiality_among),
    }


def _said(gathered: _Gathered, column: str, meaning: Callable[[str], str]) -> str | None:
    """What every row says in a leading column; None if it is empty or not there."""
    if column not in gathered.about:
        return None
    texts = list(gathered.about[column].numbers)
    said = understood(texts, meaning, partial(gathered.place_of, column))
    for text, other in zip(texts, said):
        if other != said[0]:
            raise malformed(
                "the rows of this file are of more than one download",
                where=gathered.place_of(column, text),
                expected=f"{said[0] or 'nothing'}, as in row 2",
                found=other or "nothing",
                remedy="import each download on its own: two vintages never mix",
            )
    return said[0] or None


# Writing


def _write(file, gathered: _Gathered, meanings: Mapping[str, _Meaning], spool: BinaryIO, target: Path) -> Stored:
    dataset = _said(gathered, "STRUCTURE_ID" if "STRUCTURE_ID" in file.about else "DATAFLOW", dataset_of)
    last_update = _said(gathered, "LAST UPDATE", str)
    _said(gathered, "UNIT_MULT", unit_multiplier)
    codes = {key: meanings[key].codes for key in gathered.keys}
    schema = _schema(file.dimensions).with_metadata({_CODES: json.dumps(codes, ensure_ascii=False).encode()})
    options = {"compression": "zstd", "use_dictionary": True, "write_statistics": [gathered.together]}
    with pyarrow.parquet.ParquetWriter(target, schema, **options) as writer, ThreadPoolExecutor(WORKERS) as pool:
        records = (gathered.records(places, spool) for places in _by_code(gathered, meanings[gathered.together]))
        waiting: list[pyarrow.Table] = []
        for table in ahead(pool, partial(_sorted_table, gathered, meanings, schema), records, many=1):
            waiting.append(table)
            if sum(part.num_rows for part in waiting) >= _ROW_GROUP:
                writer.write_table(pyarrow.concat_tables(waiting), row_group_size=4 * _ROW_GROUP)
                waiting = []
        if waiting:
            writer.write_table(pyarrow.concat_tables(waiting), row_group_size=4 * _ROW_GROUP)
    return Stored(dataset, last_update, codes, gathered.rows)


def _schema(dimensions: Sequence[str]) -> pyarrow.Schema:
    columns = (*dimensions, *MEASURED)
    return pyarrow.schema([(name, pyarrow.float64() if name == "value" else _TEXT) for name in columns])


def _by_code(gathered: _Gathered, meaning: _Meaning) -> Iterator[list[int]]:
    """The texts of each place, in the order of the codes: two labels may mean the same place."""
    for code in range(len(meaning.codes)):
        yield [text for text in numpy.flatnonzero(meaning.position == code).tolist() if text in gathered.parts]


def _sorted_table(
    gathered: _Gathered, meanings: Mapping[str, _Meaning], schema: pyarrow.Schema, records: numpy.ndarray
) -> pyarrow.Table:
    ranks = {column: meanings[column].position[records[column]] for column in (*gathered.keys, "obs_status")}
    others = [column for column in gathered.keys if column != gathered.together]
    values = records["value"]
    stated = meanings["conf_status"].position[records["conf_status"]]
    among = meanings["among_flags"].position[records["obs_status"]]
    if not _ascend(ranks, others):
        order = numpy.lexsort([ranks[column] for column in reversed(others)])
        ranks = {column: codes[order] for column, codes in ranks.items()}
        values, stated, among = values[order], stated[order], among[order]
        _refuse_duplicates(gathered, meanings, ranks)
    columns = {column: _dictionary(ranks[column], meanings[column].codes) for column in ranks}
    columns["value"] = pyarrow.array(values)
    columns["conf_status"] = _confidentiality(
        stated, meanings["conf_status"].codes, among, meanings["among_flags"].codes
    )
    return pyarrow.table({name: columns[name] for name in schema.names}, schema=schema)


def _ascend(ranks: Mapping[str, numpy.ndarray], columns: Sequence[str]) -> bool:
    """Whether each row comes after the one before it, in the order of the columns: sorted, and none twice."""
    after = numpy.zeros(len(ranks[columns[0]]) - 1, dtype=bool)
    for column in reversed(columns):
        here, before = ranks[column][1:], ranks[column][:-1]
        after = (here > before) | ((here == before) & after)
    return bool(after.all())


def _refuse_duplicates(gathered: _Gathered, meanings: Mapping[str, _Meaning], ranks: Mapping) -> None:
    same = numpy.logical_and.reduce([ranks[key][1:] == ranks[key][:-1] for key in gathered.keys])
    if not same.any():
        return
    wanted = {key: int(ranks[key][1:][same.argmax()]) for key in gathered.keys}
    rows, key = [], ", ".join(meanings[column].codes[code] for column, code in wanted.items())
    for block in gathered.file.blocks():
        is_it = numpy.ones(len(block.rows), dtype=bool)
        for column, code in wanted.items():
            is_it &= meanings[column].position[gathered.texts[column].codes(block.texts[column])] == code
        rows.extend(int(block.rows[position]) for position in numpy.flatnonzero(is_it))
    rows.sort()
    raise malformed(
        "two rows are of the same dimensions and time",
        where=place(gathered.file.name, rows[1]),
        expected="one observation for each combination of codes and time",
        found=f"{key} here and in row {rows[0]}",
        remedy="keep the one that is right, or download the data again",
    )


def _confidentiality(stated, codes_stated, among, codes_among) -> pyarrow.DictionaryArray:
    """What CONF_STATUS says; where it is empty, what the older, single list of flags says of it."""
    every = sorted({*codes_stated, *codes_among})
    from_stated = numpy.array([every.index(code) for code in codes_stated], dtype=numpy.int32)[stated]
    from_flags = numpy.array([every.index(code) for code in codes_among], dtype=numpy.int32)[among]
    is_empty = numpy.array([code == "" for code in codes_stated])[stated]
    return _dictionary(numpy.where(is_empty, from_flags, from_stated), every)


def _dictionary(codes: numpy.ndarray, texts: list[str]) -> pyarrow.DictionaryArray:
    return pyarrow.DictionaryArray.from_arrays(
        pyarrow.array(codes, pyarrow.int32()), pyarrow.array(texts, pyarrow.string())
    )


# Reading


class NormalForm:
    """A stored file, opened for reading.

    Attributes
    ----------
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    dimensions : tuple of str
        In the order of the native file.
    rows : int
        Number of observations.
    """

    def __init__(self, path: Path):
        self._file = pyarrow.parquet.ParquetFile(path, memory_map=False)
        self.codes: dict[str, list[str]] = json.loads(self._file.schema_arrow.metadata[_CODES])
        self.dimensions = tuple(name for name in self._file.schema_arrow.names if name not in MEASURED)
        self.rows = self._file.metadata.num_rows
        together = _TOGETHER if _TOGETHER in self.dimensions else (*self.dimensions, "time")[0]
        column = self._file.schema_arrow.names.index(together)
        self._together = together
        groups = range(self._file.metadata.num_row_groups)
        bounds = [self._file.metadata.row_group(group).column(column).statistics for group in groups]
        self._bounds = [(bound.min, bound.max) for bound in bounds]
        self._kept: dict[int, pyarrow.Table] = {}

    def select(self, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
        """The observations that have these codes, in the order stored.

        Parameters
        ----------
        filters : mapping
            Dimension (or ``time``) to codes; a column that is not named is not filtered.
        """
        wanted = filters.get(self._together)
        groups = [
            group
            for group, (low, high) in enumerate(self._bounds)
            if wanted is None or any(low <= code <= high for code in wanted)
        ]
        parts = [_filtered(self._row_group(group), filters) for group in groups]
        return pyarrow.concat_tables(parts) if parts else self._file.schema_arrow.empty_table()

    def by_place(self) -> Iterator[pyarrow.Table]:
        """All observations, place by place, so that memory does not grow with their number."""
        for code in self.codes[self._together]:
            yield self.select({self._together: [code]})

    def _row_group(self, group: int) -> pyarrow.Table:
        """A row group; the last few stay in memory, for a study asks of the same place again and again."""
        if group not in self._kept:
            while len(self._kept) >= 4:
                self._kept.pop(next(iter(self._kept)))
            self._kept[group] = self._file.read_row_group(group).combine_chunks()
        return self._kept[group]


def _filtered(table: pyarrow.Table, filters: Mapping[str, Sequence[str]]) -> pyarrow.Table:
    kept = numpy.ones(table.num_rows, dtype=bool)
    for column, codes in filters.items():
        cells = table.column(column).chunk(0)
        is_wanted = numpy.isin(numpy.array(cells.dictionary.to_pylist(), dtype=object), list(codes))
        kept &= is_wanted[cells.indices.to_numpy()]
    return table.take(numpy.flatnonzero(kept))

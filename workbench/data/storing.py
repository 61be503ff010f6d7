"""From a native file to the normal form: gathered place by place, every distinct text judged once, sorted and written."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy
import pyarrow
import pyarrow.parquet

from workbench.data.formats.cells import WORKERS, NativeFile, ahead, column_of, understood
from workbench.data.formats.flags import confidentiality_among, confidentiality_status, observation_status
from workbench.data.formats.meanings import code_of, dataset_of, hold_labels_only, period, unit_multiplier
from workbench.data.formats.text import malformed, no_observation, place
from workbench.data.gathering import Gathered
from workbench.data.normal_form import schema_of

_ROW_GROUP = 100_000


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
        gathered = Gathered(file)
        for block in file.blocks():
            gathered.add(block, spool)
            progress(gathered.rows)
        if not gathered.parts:
            raise no_observation(file.name)
        meanings = _meanings(file, gathered)
        return _write(file, gathered, meanings, spool, target)


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


def _meanings(file: NativeFile, gathered: Gathered) -> dict[str, _Meaning]:
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


def _said(gathered: Gathered, column: str, meaning: Callable[[str], str]) -> str | None:
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


def _write(file, gathered: Gathered, meanings: Mapping[str, _Meaning], spool: BinaryIO, target: Path) -> Stored:
    dataset, last_update = _said(gathered, "dataset", dataset_of), _said(gathered, "last_update", str)
    _said(gathered, "unit_multiplier", unit_multiplier)
    codes = {key: meanings[key].codes for key in gathered.keys}
    schema = schema_of(file.dimensions, codes)
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


def _by_code(gathered: Gathered, meaning: _Meaning) -> Iterator[list[int]]:
    """The texts of each place, in the order of the codes: two labels may mean the same place."""
    for code in range(len(meaning.codes)):
        yield [text for text in numpy.flatnonzero(meaning.position == code).tolist() if text in gathered.parts]


def _sorted_table(
    gathered: Gathered, meanings: Mapping[str, _Meaning], schema: pyarrow.Schema, records: numpy.ndarray
) -> pyarrow.Table:
    ranks = {column: meanings[column].position[records[column]] for column in (*gathered.keys, "obs_status")}
    values = records["value"]
    stated = meanings["conf_status"].position[records["conf_status"]]
    among = meanings["among_flags"].position[records["obs_status"]]
    if not _ascend(ranks, gathered.keys):
        order = numpy.lexsort([ranks[column] for column in reversed(gathered.keys)])
        ranks = {column: codes[order] for column, codes in ranks.items()}
        values, stated, among = values[order], stated[order], among[order]
        _refuse_duplicates(gathered, meanings, ranks)
    columns = {column: column_of(ranks[column], meanings[column].codes) for column in ranks}
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


def _refuse_duplicates(gathered: Gathered, meanings: Mapping[str, _Meaning], ranks: Mapping) -> None:
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
    return column_of(numpy.where(is_empty, from_flags, from_stated), every)

"""From a native file to the normal form: gathered place by place, every distinct text judged once, sorted and written."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet

from workbench.data.encoded_rows import EncodedRows
from workbench.data.formats.cells import WORKERS, NativeFile, ahead
from workbench.data.formats.text import malformed, no_observation, place
from workbench.data.interpret import Interpretation, about, interpretations_of
from workbench.data.normal_form import schema_of
from workbench.data.ordering import Keys, order_of, parts_in_order, repeated
from workbench.data.partition_file import PartitionFile

_ROW_GROUP = 100_000
"""Places are put together until they are so many rows."""
_LARGEST_ROW_GROUP = 400_000
"""A place that is larger is cut."""


@dataclass(frozen=True)
class Stored:
    """What was stored of a file.

    Attributes
    ----------
    agency, dataset, last_update : str or None
        As the file says; None where it does not.
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    rows : int
        Number of observations.
    negative : (str, str) or None
        Where the first negative value stands, and what it is.
    """

    agency: str | None
    dataset: str | None
    last_update: str | None
    codes: dict[str, list[str]]
    rows: int
    negative: tuple[str, str] | None


def store(file: NativeFile, target: Path, progress: Callable[[int], None] = lambda rows: None) -> Stored:
    """Bring a file into the normal form.

    Parameters
    ----------
    file : NativeFile
        Of any format.
    target : Path
        Where the Parquet file goes; whoever calls gives it its final name. Temporary files lie in the same folder.
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
    with tempfile.TemporaryFile(dir=target.parent) as temporary:
        encoded = EncodedRows(file, PartitionFile(temporary))
        for block in file.blocks():
            encoded.add(block)
            progress(encoded.rows)
        if not encoded.rows:
            raise no_observation(file.name)
        meanings, said = interpretations_of(encoded), about(encoded)
        codes = {key: meanings[key].codes for key in encoded.keys}
        schema = schema_of(file.dimensions, codes)
        options = {"compression": "zstd", "use_dictionary": True, "write_statistics": [encoded.together]}
        with pyarrow.parquet.ParquetWriter(target, schema, **options) as writer:
            for rows in _row_groups(_sorted_tables(encoded, meanings, schema, target.parent)):
                writer.write_table(rows.combine_chunks(), row_group_size=_LARGEST_ROW_GROUP)
    return Stored(said.agency, said.dataset, said.last_update, codes, encoded.rows, encoded.negative)


def _row_groups(tables: Iterable[tuple[int, pyarrow.Table]]) -> Iterator[pyarrow.Table]:
    """Whole places together until they are enough rows; a larger place is cut. Parts of a place do not matter."""
    waiting, of = [], None
    for code, table in tables:
        if waiting and code != of and sum(map(len, waiting)) >= _ROW_GROUP:
            yield pyarrow.concat_tables(waiting)
            waiting = []
        waiting.append(table)
        of = code
        while sum(map(len, waiting)) > _LARGEST_ROW_GROUP:
            rows = pyarrow.concat_tables(waiting)
            yield rows.slice(0, _LARGEST_ROW_GROUP)
            waiting = [rows.slice(_LARGEST_ROW_GROUP)]
    if waiting:
        yield pyarrow.concat_tables(waiting)


def _sorted_tables(
    encoded: EncodedRows, meanings: Mapping[str, Interpretation], schema: pyarrow.Schema, folder: Path
) -> Iterator[tuple[int, pyarrow.Table]]:
    """All rows in the order of the codes, with the number of their place: several tables where a place is large."""
    sorting = _Sorting(encoded, meanings, schema)
    of_place = meanings[encoded.together]
    with ThreadPoolExecutor(WORKERS) as pool:
        # Two labels may mean the same place.
        parts = (
            (code, part)
            for code in range(len(of_place.codes))
            for part in parts_in_order(
                encoded.spool, numpy.flatnonzero(of_place.position == code).tolist(), sorting.first_key, folder
            )
        )
        yield from ahead(pool, sorting.table, parts, many=1)


class _Sorting:
    """From rows as gathered, those of a place or of a part of it, to a sorted table."""

    def __init__(self, encoded: EncodedRows, meanings: Mapping[str, Interpretation], schema: pyarrow.Schema):
        self.keys = Keys({column: len(meanings[column].codes) for column in encoded.keys})
        self._positions = {column: meaning.position for column, meaning in meanings.items()}
        self._gathered, self._meanings, self._schema = encoded, meanings, schema
        grounds, self._confidentiality = _confidentiality(meanings["conf_status"], meanings["among_flags"])
        codes = {column: meaning.codes for column, meaning in meanings.items()} | {"conf_status": grounds}
        self._codes = {column: pyarrow.array(listed, pyarrow.string()) for column, listed in codes.items()}

    def first_key(self, rows: numpy.ndarray) -> numpy.ndarray:
        """What rows are sorted by first."""
        return self.keys.first(rows, self._positions)

    def table(self, part: tuple[int, Sequence[numpy.ndarray]]) -> tuple[int, pyarrow.Table]:
        """The table of a part; its place is handed through."""
        place_code, encoded = part
        understood = [self._interpreted(rows) for rows in encoded]
        columns = {name: numpy.concatenate([some[name] for some in understood]) for name in understood[0]}
        order = order_of([columns[name] for name in self.keys.names])
        if order is not None:
            columns = {name: column[order] for name, column in columns.items()}
            self._refuse_duplicates(columns)
        codes = self.keys.codes(columns) | {name: columns[name] for name in ("obs_status", "conf_status")}
        arrays = {name: pyarrow.DictionaryArray.from_arrays(codes[name], self._codes[name]) for name in codes}
        arrays["value"] = pyarrow.array(columns["value"])
        return place_code, pyarrow.table({name: arrays[name] for name in self._schema.names}, schema=self._schema)

    def _interpreted(self, rows: numpy.ndarray) -> dict[str, numpy.ndarray]:
        """The columns of some rows: texts are codes by number, and those of the key one number."""
        return self.keys.of(rows, self._positions) | {
            "obs_status": self._positions["obs_status"][rows["obs_status"]],
            "conf_status": self._confidentiality[rows["conf_status"], rows["obs_status"]],
            "value": rows["value"],
        }

    def _refuse_duplicates(self, columns: Mapping[str, numpy.ndarray]) -> None:
        at = repeated([columns[name] for name in self.keys.names])
        if at is None:
            return
        encoded, meanings = self._gathered, self._meanings
        row = {name: columns[name][at : at + 1] for name in self.keys.names}
        wanted = {column: int(codes[0]) for column, codes in self.keys.codes(row).items()}
        rows = []
        for block in encoded.file.blocks():
            is_it = numpy.ones(len(block.rows), dtype=bool)
            for column, code in wanted.items():
                is_it &= self._positions[column][encoded.texts[column].codes(block.texts[column])] == code
            rows.extend(int(block.rows[position]) for position in numpy.flatnonzero(is_it))
        rows.sort()
        key = ", ".join(meanings[column].codes[wanted[column]] for column in encoded.keys)
        raise malformed(
            "two rows are of the same dimensions and time",
            where=place(encoded.file.name, rows[1]),
            expected="one observation for each combination of codes and time",
            found=f"{key} here and in row {rows[0]}",
            hint="keep the one that is right, or download the data again",
        )


def _confidentiality(stated: Interpretation, among: Interpretation) -> tuple[list[str], numpy.ndarray]:
    """The codes; and by the text of CONF_STATUS and of the flags, which it is.

    It is what CONF_STATUS says; where that is empty, what the older, single list of flags says of it.
    """
    codes = sorted({*stated.codes, *among.codes})
    by_text = [
        [codes.index(said or flagged) for flagged in (among.codes[position] for position in among.position)]
        for said in (stated.codes[position] for position in stated.position)
    ]
    return codes, numpy.array(by_text, dtype=numpy.int32)

"""From a native file to the normal form: rows are partitioned by place, texts interpreted once, all sorted and written."""

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
from workbench.data.interpret import Interpretation, file_context, interpretations_of, labels_used
from workbench.data.normal_form import schema_of
from workbench.data.ordering import Keys, order_of, parts_in_order, repeated
from workbench.data.partition_file import PartitionFile

_ROW_GROUP = 100_000
"""Places are combined until they have this many rows."""
_LARGEST_ROW_GROUP = 400_000
"""A larger place is divided."""

REPEATED = "two rows have the same dimensions and time"
"""What the error about a second observation of the same cell says."""


@dataclass(frozen=True)
class Stored:
    """What was stored from a file.

    Attributes
    ----------
    agency, dataset, last_update : str or None
        As the file says; None where it does not.
    codes : dict
        Dimension, and ``time``, to the codes that occur, sorted.
    rows : int
        Number of observations.
    negative : (str, str) or None
        Where the first negative value is, and its text.
    largest : (float, str) or None
        The largest value, and where it is; None where no observation has a value.
    labels : dict
        Dimension to the labels of the file, beyond the code lists, that it was interpreted with, and their codes.
    """

    agency: str | None
    dataset: str | None
    last_update: str | None
    codes: dict[str, list[str]]
    rows: int
    negative: tuple[str, str] | None
    largest: tuple[float, str] | None
    labels: dict[str, dict[str, str]]


def store(file: NativeFile, target: Path, progress: Callable[[int], None] = lambda rows: None) -> Stored:
    """Bring a file into the normal form.

    Parameters
    ----------
    file : NativeFile
        Of any format.
    target : Path
        The Parquet file to write; the caller gives it its final name. Temporary files are in the same folder.
    progress : callable
        Called with the number of rows read so far.

    Raises
    ------
    MalformedFile
        With file, row and column, if a period or value is not valid, two rows have the same dimensions and time, or the
        rows come from more than one download.
    UnknownCode
        If no code list has a label or a flag, naming the nearest.

    Notes
    -----
    Flags are divided as Eurostat has done since 27 January 2025; see `workbench.data.formats.flags`.
    """
    with tempfile.TemporaryFile(dir=target.parent) as temporary:
        encoded = EncodedRows(file, PartitionFile(temporary))
        for block in file.blocks():
            encoded.add(block)
            progress(encoded.rows)
        if not encoded.rows:
            raise no_observation(file.name)
        interpretations, context = interpretations_of(encoded), file_context(encoded)
        codes = {key: interpretations[key].codes for key in encoded.keys}
        schema = schema_of(file.dimensions, codes)
        options = {"compression": "zstd", "use_dictionary": True, "write_statistics": [encoded.partition_column]}
        with pyarrow.parquet.ParquetWriter(target, schema, **options) as writer:
            for rows in _row_groups(_sorted_tables(encoded, interpretations, schema, target.parent)):
                writer.write_table(rows.combine_chunks(), row_group_size=_LARGEST_ROW_GROUP)
    return Stored(
        context.agency,
        context.dataset,
        context.last_update,
        codes,
        encoded.rows,
        encoded.negative,
        encoded.largest,
        labels_used(encoded),
    )


def _row_groups(tables: Iterable[tuple[int, pyarrow.Table]]) -> Iterator[pyarrow.Table]:
    """Whole places combined until they have enough rows, and larger places divided, however they come."""
    waiting: list[pyarrow.Table] = []
    of = None
    for code, table in tables:
        if waiting and code != of and _rows_in(waiting) >= _ROW_GROUP:
            yield pyarrow.concat_tables(waiting)
            waiting = []
        waiting.append(table)
        of = code
        while _rows_in(waiting) > _LARGEST_ROW_GROUP:
            rows = pyarrow.concat_tables(waiting)
            yield rows.slice(0, _LARGEST_ROW_GROUP)
            waiting = [rows.slice(_LARGEST_ROW_GROUP)]
    if waiting:
        yield pyarrow.concat_tables(waiting)


def _rows_in(tables: Iterable[pyarrow.Table]) -> int:
    return sum(table.num_rows for table in tables)


def _sorted_tables(
    encoded: EncodedRows, interpretations: Mapping[str, Interpretation], schema: pyarrow.Schema, folder: Path
) -> Iterator[tuple[int, pyarrow.Table]]:
    """All rows in the order of the codes, with the number of their place; several tables for a large place."""
    sorting = _Sorting(encoded, interpretations, schema)
    of_place = interpretations[encoded.partition_column]
    with ThreadPoolExecutor(WORKERS) as pool:
        # Two labels may stand for the same place.
        parts = (
            (code, part)
            for code in range(len(of_place.codes))
            for part in parts_in_order(
                encoded.partitions, numpy.flatnonzero(of_place.position == code).tolist(), sorting.first_key, folder
            )
        )
        yield from ahead(pool, sorting.table, parts, many=1)


class _Sorting:
    """Turns the encoded rows of a place, or of a part of one, into a sorted table."""

    def __init__(self, encoded: EncodedRows, interpretations: Mapping[str, Interpretation], schema: pyarrow.Schema):
        self.keys = Keys({column: len(interpretations[column].codes) for column in encoded.keys})
        self._positions = {column: interpretation.position for column, interpretation in interpretations.items()}
        self._encoded, self._interpretations, self._schema = encoded, interpretations, schema
        grounds, self._confidentiality = _confidentiality(
            interpretations["conf_status"], interpretations["among_flags"]
        )
        codes = {column: interpretation.codes for column, interpretation in interpretations.items()} | {
            "conf_status": grounds
        }
        self._codes = {column: pyarrow.array(listed, pyarrow.string()) for column, listed in codes.items()}

    def first_key(self, rows: numpy.ndarray) -> numpy.ndarray:
        """What rows are sorted by first."""
        return self.keys.first(rows, self._positions)

    def table(self, part: tuple[int, Sequence[numpy.ndarray]]) -> tuple[int, pyarrow.Table]:
        """The table of a part, with its place."""
        place_code, blocks = part
        interpreted = [self._interpreted(rows) for rows in blocks]
        columns = {name: numpy.concatenate([block[name] for block in interpreted]) for name in interpreted[0]}
        order = order_of([columns[name] for name in self.keys.names])
        if order is not None:
            columns = {name: column[order] for name, column in columns.items()}
            self._refuse_duplicates(columns)
        codes = self.keys.codes(columns) | {name: columns[name] for name in ("obs_status", "conf_status")}
        arrays = {name: pyarrow.DictionaryArray.from_arrays(codes[name], self._codes[name]) for name in codes}
        arrays["value"] = pyarrow.array(columns["value"])
        return place_code, pyarrow.table({name: arrays[name] for name in self._schema.names}, schema=self._schema)

    def _interpreted(self, rows: numpy.ndarray) -> dict[str, numpy.ndarray]:
        """The columns of some rows: texts become numbers of codes, and those of the key one number."""
        return self.keys.of(rows, self._positions) | {
            "obs_status": self._positions["obs_status"][rows["obs_status"]],
            "conf_status": self._confidentiality[rows["conf_status"], rows["obs_status"]],
            "value": rows["value"],
        }

    def _refuse_duplicates(self, columns: Mapping[str, numpy.ndarray]) -> None:
        at = repeated([columns[name] for name in self.keys.names])
        if at is None:
            return
        encoded, interpretations = self._encoded, self._interpretations
        row = {name: columns[name][at : at + 1] for name in self.keys.names}
        wanted = {column: int(codes[0]) for column, codes in self.keys.codes(row).items()}
        rows: list[int] = []
        for block in encoded.file.blocks():
            is_it = numpy.ones(len(block.rows), dtype=bool)
            for column, code in wanted.items():
                is_it &= self._positions[column][encoded.texts[column].codes(block.texts[column])] == code
            rows.extend(int(block.rows[position]) for position in numpy.flatnonzero(is_it).tolist())
        rows.sort()
        key = ", ".join(interpretations[column].codes[wanted[column]] for column in encoded.keys)
        raise malformed(
            REPEATED,
            where=place(encoded.file.name, rows[1]),
            expected="one observation for each combination of codes and time",
            found=f"{key} here and in row {rows[0]}",
            hint="keep the one that is right, or download the data again",
        )


def _confidentiality(stated: Interpretation, among: Interpretation) -> tuple[list[str], numpy.ndarray]:
    """The codes of confidentiality, and by the text of CONF_STATUS and of the flags, the position of the code.

    CONF_STATUS decides; where it is empty, the older, single list of flags does.
    """
    codes = sorted({*stated.codes, *among.codes})
    by_text = [
        [codes.index(said or flagged) for flagged in (among.codes[position] for position in among.position)]
        for said in (stated.codes[position] for position in stated.position)
    ]
    return codes, numpy.array(by_text, dtype=numpy.int32)

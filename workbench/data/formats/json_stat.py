"""JSON-stat 2.0, as Eurostat's API answers unless it is asked for another format (json-stat.org/full).

A dataset is a cube: ``id`` names its dimensions, ``size`` says how many categories each has, ``dimension`` lists these, and the
position of a value in ``value`` stands for one category of each, that of the last dimension changing fastest. Values and
``status`` are an array, or an object of those that there are.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy
import pyarrow

from workbench.data.formats.cells import MEASURED, CellBlock, blank, check_columns, column_of
from workbench.data.formats.text import malformed, response, unpacked_bytes
from workbench.declarations.labels import Labels
from workbench.model.errors import MalformedFile

LARGEST_JSON = 1 << 26
"""Bytes, which are parsed at once: some three million observations, more than Eurostat's API gives."""
_MOST_BRACKETS = 200_000
_ROWS = 1 << 18
_SHOWN = 80
_BEGINNINGS = (b"{", b"[")
_TIME = ("time", "time_period")
_OF_DATA = {"class", "data", "dataSets", "dataset", "dimension", "id", "structure", "value", "version"}
"""Keys of JSON-stat and SDMX-JSON, by which data in a form that is not read are told from the message of a server."""

_KINDS = {"list": "an array", "dict": "an object", "str": "a text"}

T = TypeVar("T")


@dataclass(frozen=True)
class JsonStat:
    """See `workbench.data.formats.cells.NativeFile`. A row is known by its position in ``value``.

    Attributes
    ----------
    codes : dict
        Dimension, and ``time``, to its codes, in the order of the cube.
    positions : array of int
        Of the observations in the cube, ascending.
    values, flags : dict
        Position to the text of the value, and to the flags.
    stated : dict
        What the dataset says of itself, by leading column.
    """

    name: str
    codes: dict[str, list[str]]
    positions: numpy.ndarray
    values: dict[int, str]
    flags: dict[int, str]
    stated: dict[str, str]
    labels: Labels = field(default_factory=dict)
    form: str = "JSON-stat"
    groups_thousands: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dimension for dimension in self.codes if dimension not in MEASURED)

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(self.stated)

    @property
    def headings(self) -> dict[str, str]:
        return {column: column for column in (*self.codes, *self.stated, "value")} | {"obs_status": "status"}

    def blocks(self) -> Iterator[CellBlock]:
        for begin in range(0, len(self.positions), _ROWS):
            positions = self.positions[begin : begin + _ROWS]
            yield CellBlock(self._texts(positions), positions)

    def _texts(self, positions: numpy.ndarray) -> dict[str, pyarrow.DictionaryArray]:
        sizes = tuple(map(len, self.codes.values()))
        numbers = numpy.unravel_index(positions, sizes) if sizes else ()
        listed = positions.tolist()
        return {
            **{column: column_of(at, codes) for at, (column, codes) in zip(numbers, self.codes.items(), strict=True)},
            **{column: column_of(numpy.zeros(len(positions)), [text]) for column, text in self.stated.items()},
            "value": pyarrow.array([self.values.get(at, "") for at in listed], pyarrow.string()).dictionary_encode(),
            "obs_status": pyarrow.array(
                [self.flags.get(at, "") for at in listed], pyarrow.string()
            ).dictionary_encode(),
            "conf_status": blank(len(positions)),
        }


def is_json(begin: bytes) -> bool:
    """Whether a file begins as JSON does."""
    return begin.lstrip().startswith(_BEGINNINGS)


def open_json_stat(path: Path) -> JsonStat:
    """Read a dataset in JSON-stat.

    Raises
    ------
    MalformedFile
        If it is another kind of JSON, such as the message of a server; damaged; too large; or not one consistent cube.
    """
    data = _content(path)
    dataset = _parsed(data, path.name)
    if not isinstance(dataset, dict) or not {"id", "size", "dimension", "value"} <= dataset.keys():
        raise _not_json_stat(path.name, data, dataset)
    cube = _Cube(path.name)
    codes = cube.codes(dataset)
    cells = math.prod(map(len, codes.values()))
    values = cube.numbered(dataset["value"], "value", cells)
    flags = cube.numbered(dataset.get("status") or {}, "status", cells)
    positions = numpy.array(sorted(values.keys() | {at for at, flag in flags.items() if flag}), dtype=numpy.int64)
    return JsonStat(path.name, codes, positions, values, flags, _stated(dataset))


def _content(path: Path) -> bytes:
    content = bytearray()
    for chunk in unpacked_bytes(path):
        content += chunk
        if len(content) > LARGEST_JSON:
            raise malformed(
                "this is JSON, and too large to be read at once",
                where=path.name,
                expected=f"at most {LARGEST_JSON:,} bytes",
                found="more",
                hint="download the data as SDMX-CSV",
            )
    return bytes(content)


def _parsed(content: bytes, file: str) -> Any:
    # Each array and each object takes many times as much memory as its brackets.
    brackets = sum(map(content.count, _BEGINNINGS))
    try:
        if brackets > _MOST_BRACKETS:
            raise ValueError(f"{brackets:,} arrays and objects")
        return json.loads(content, object_pairs_hook=_unlike, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise malformed(
            "this JSON is truncated or damaged", where=file, expected="a dataset in JSON-stat", found=str(error)[:200]
        ) from None


def _unlike(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text}, which JSON does not have")


def _not_json_stat(file: str, data: bytes, found: Any) -> MalformedFile:
    keys = ", ".join(found)[:_SHOWN] if isinstance(found, dict) else "a list"
    if not isinstance(found, dict) or not found.keys() & {
        "class",
        "dataset",
        "data",
        "dataSets",
        "structure",
        "version",
    }:
        return response(file, data)
    return malformed(
        "this JSON is not a dataset in JSON-stat 2.0",
        where=file,
        expected="an object with id, size, dimension and value",
        found=keys,
        hint="download the data as SDMX-CSV",
    )


def _stated(dataset: Mapping[str, Any]) -> dict[str, str]:
    """The dataset and its agency, which Eurostat puts under ``extension``; and when it was last updated."""
    extension, updated = dataset.get("extension"), dataset.get("updated")
    stated = {"last_update": updated} if isinstance(updated, str) else {}
    if isinstance(extension, dict):
        agency, flow = extension.get("agencyId"), extension.get("id")
        if isinstance(agency, str) and isinstance(flow, str):
            stated["dataset"] = f"{agency}:{flow}"
    return stated


@dataclass(frozen=True)
class _Cube:
    """Reads the parts of a dataset, each of which must fit the others."""

    file: str

    def codes(self, dataset: Mapping[str, Any]) -> dict[str, list[str]]:
        """The codes of each dimension, in order; that of time is ``time``."""
        names = self._is("id", dataset["id"], list)
        sizes = self._is("size", dataset["size"], list)
        dimensions = self._is("dimension", dataset["dimension"], dict)
        if len(names) != len(sizes):
            raise self._refused("id and size", f"{len(names)} sizes", len(sizes))
        time = self._time(dataset, [self._is("id", name, str) for name in names])
        columns = ["time" if name == time else name.lower() for name in names]
        check_columns((*[column for column in columns if column != "time"], *MEASURED), self.file)
        codes = {
            column: self._categories(name, dimensions.get(name), size)
            for column, name, size in zip(columns, names, sizes, strict=True)
        }
        if math.prod(map(len, codes.values())) >= 1 << 62:
            raise self._refused("size", "a cube of fewer than 2 to the power of 62 cells", sizes)
        return codes

    def _time(self, dataset: Mapping[str, Any], names: list[str]) -> str:
        role = dataset.get("role")
        declared = role.get("time") if isinstance(role, dict) else None
        found = [name for name in names if (name in declared if declared else name.lower() in _TIME)]
        if len(found) != 1:
            raise self._refused("id", "one dimension of time", ", ".join(names) or "none")
        return found[0]

    def _categories(self, name: str, dimension: Any, size: Any) -> list[str]:
        where = f"dimension.{name[:_SHOWN]}"
        category = self._is(f"{where}.category", self._is(where, dimension, dict).get("category"), dict)
        # A dimension of one category need not number it.
        index = category.get("index", list(self._is(f"{where}.category.label", category.get("label", {}), dict))[:1])
        if isinstance(index, dict):
            at = {code: position for code, position in index.items() if type(position) is int}
            codes = sorted(index, key=lambda code: at.get(code, -1))
            numbered = [at.get(code) for code in codes]
        else:
            codes = self._is(f"{where}.category.index", index, list)
            numbered = list(range(len(codes)))
        if numbered != list(range(len(codes))) or len(codes) != size or not codes:
            raise self._refused(
                f"{where}.category.index", f"{size} categories numbered from 0", f"{len(codes)}: {codes[:5]}"
            )
        texts = [self._is(f"{where}.category.index", code, str) for code in codes]
        if len(set(texts)) < len(texts):
            raise self._refused(f"{where}.category.index", "each code once", texts[:5])
        return texts

    def numbered(self, cells: Any, what: str, number: int) -> dict[int, str]:
        """Position to text of the cells that there are."""
        if isinstance(cells, dict):
            return {
                self._position(key, what, number): self._text(cell, what)
                for key, cell in cells.items()
                if cell is not None
            }
        if isinstance(cells, str) and what == "status":
            return self._same(cells, number)
        listed = self._is(what, cells, list)
        if len(listed) != number:
            raise self._refused(what, f"{number:,} cells, as size says", f"{len(listed):,}")
        return {at: self._text(cell, what) for at, cell in enumerate(listed) if cell is not None}

    def _same(self, status: str, number: int) -> dict[int, str]:
        if number > _MOST_BRACKETS:
            raise self._refused("status", "flags by position", f"one for {number:,} cells")
        return dict.fromkeys(range(number), status)

    def _position(self, key: str, what: str, number: int) -> int:
        if key.isascii() and key.isdigit() and (key == "0" or key[0] != "0") and len(key) < 20 and int(key) < number:
            return int(key)
        raise self._refused(what, f"positions from 0 to {number - 1:,}", repr(key))

    def _text(self, cell: Any, what: str) -> str:
        if isinstance(cell, str) or type(cell) in (int, float):
            return str(cell)
        raise self._refused(what, "numbers, texts and null", repr(cell))

    def _is(self, what: str, found: Any, kind: type[T]) -> T:
        if isinstance(found, kind):
            return found
        raise self._refused(what, _KINDS[kind.__name__], repr(found) if found is not None else "nothing")

    def _refused(self, what: str, expected: str, found: object) -> MalformedFile:
        return malformed(
            f"{what} does not fit into this dataset in JSON-stat",
            where=f"{self.file}, {what}",
            expected=expected,
            found=str(found)[:_SHOWN] or "nothing",
            hint="download it again, or download the data as SDMX-CSV",
        )

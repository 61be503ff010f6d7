"""SDMX-ML: data as XML, generic or structure-specific, in series or flat; versions 2.1 and 2.0 (there called compact).

Generic data name each concept (``<Value id="geo" value="LT"/>``) and part dimensions from attributes. In structure-specific data
a concept is an XML attribute (``<Series geo="LT"><Obs TIME_PERIOD="2023" OBS_VALUE="5"/></Series>``), and which are dimensions
only the data structure says: here, all that are no known attribute, and the same in each row.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy
import pyarrow

from workbench.data.formats.cells import MEASURED, CellBlock, blank, check_columns
from workbench.data.formats.sdmx_csv import COLUMNS, IGNORED, MULTIPLIER, column_of_concept
from workbench.data.formats.text import LONGEST_LINE, malformed, place, unpacked_bytes
from workbench.declarations.labels import Labels

_ROOT = re.compile(
    rb"<([\w.\-]+:)?(Generic(TimeSeries)?Data|StructureSpecific(TimeSeries)?Data|CompactData)\s[^<>]*sdmx",
    re.IGNORECASE,
)
_EUROSTAT = "ESTAT"
_CHUNK = 1 << 16
_ROWS = 1 << 16
_DEEPEST = 40
_FURTHEST = 1 << 24
"""Bytes between two observations, or before the first: a header, and what is said of groups."""
_TEXTS = ("Time", "URN", "StructureUsage", "Structure", "Text")
"""Elements whose text is read; in SDMX 3.0 the address of a structure is the text of ``Structure`` itself."""
_ATTRIBUTES = {*COLUMNS, *IGNORED, MULTIPLIER} - {"TIME_PERIOD"}
_TIME, _VALUE = "TIME_PERIOD", "OBS_VALUE"
_ALL = "AllDimensions"


@dataclass
class _Row:
    """An observation: the line on which it begins, its dimensions with time, and its value with all attributes."""

    line: int
    key: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SdmxMl:
    """See `workbench.data.formats.cells.NativeFile`. A row is the line on which an observation begins.

    ``concepts`` gives the name in the file of each dimension and of time, ``flags`` that of the flags, and ``dataset`` is what
    the header refers to.
    """

    path: Path
    concepts: dict[str, str]
    dataset: str
    labels: Labels = field(default_factory=dict)

    about: tuple[str, ...] = ("dataset", "unit_multiplier")
    groups_thousands: bool = False

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(column for column in self.concepts if column != "time")

    @property
    def headings(self) -> dict[str, str]:
        of_flags = {column: name for name, column in COLUMNS.items()}
        return of_flags | self.concepts | {"dataset": "Structure", "unit_multiplier": MULTIPLIER}

    def blocks(self) -> Iterator[CellBlock]:
        rows = _rows(self.path, _Message(self.path.name))
        while some := list(islice(rows, _ROWS)):
            yield CellBlock(self._texts(some), numpy.array([row.line for row in some]))

    def _texts(self, rows: list[_Row]) -> dict[str, pyarrow.DictionaryArray]:
        concepts = self.concepts.values()
        for row in rows:
            if row.key.keys() != set(concepts):
                raise malformed(
                    "this observation does not have the dimensions of the first",
                    where=place(self.name, row.line),
                    expected=", ".join(concepts)[:200],
                    found=", ".join(row.key)[:200],
                    hint="download the data as SDMX-CSV, which parts dimensions from attributes",
                )
        return {
            **{column: _encoded(row.key[name] for row in rows) for column, name in self.concepts.items()},
            "value": _encoded(row.said.get(_VALUE, "") for row in rows),
            "obs_status": _encoded(row.said.get("OBS_STATUS") or row.said.get("OBS_FLAG", "") for row in rows),
            "conf_status": _encoded(row.said.get("CONF_STATUS", "") for row in rows),
            "unit_multiplier": _encoded(row.said.get(MULTIPLIER, "") for row in rows),
            "dataset": _encoded([self.dataset] * len(rows)) if self.dataset else blank(len(rows)),
        }


def _encoded(texts: Iterable[str]) -> pyarrow.DictionaryArray:
    return pyarrow.array(texts, pyarrow.string()).dictionary_encode()


def is_sdmx_ml(begin: bytes) -> bool:
    """Whether a file with this beginning is a data message of SDMX-ML."""
    return begin.lstrip().startswith(b"<") and bool(_ROOT.search(begin))


def open_sdmx_ml(path: Path) -> SdmxMl:
    """Read the header of an SDMX-ML message, and its first observation.

    Raises
    ------
    MalformedFile
        If it is damaged, declares entities, or has no observation.
    """
    message = _Message(path.name)
    first = next(_rows(path, message), None)
    if first is None:
        raise malformed(
            "this message has no observation",
            where=path.name,
            expected="an observation",
            found=message.footer[:200] or "none",
            hint="check the filter of the download, or download the data as SDMX-CSV",
        )
    concepts = {column_of_concept(name): name for name in first.key if name != _TIME}
    if len(concepts) < len(first.key) - 1 or _TIME not in first.key:
        raise malformed(
            "this observation has no period, or the same dimension twice",
            where=place(path.name, first.line),
            expected=f"{_TIME}, and each dimension once",
            found=", ".join(first.key)[:200],
        )
    check_columns((*concepts, *MEASURED), path.name)
    return SdmxMl(path, concepts | {"time": _TIME}, message.dataset)


def _rows(path: Path, message: "_Message") -> Iterator[_Row]:
    """The observations of a message, as it is read."""
    size = last = 0
    parser = message.parser
    try:
        for chunk in unpacked_bytes(path, _CHUNK):
            size += len(chunk)
            parser.Parse(chunk)
            if size - parser.CurrentByteIndex > LONGEST_LINE + _CHUNK:
                message.refuse("an element of this message is longer than any observation", "shorter elements", "one")
            rows = message.taken()
            last = size if rows else last
            if size - last > _FURTHEST:
                message.refuse(
                    "an observation of this message is far from the one before", f"{_FURTHEST:,} bytes", "more"
                )
            yield from rows
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two of an unknown encoding
        message.refuse("this XML is truncated or damaged", "a whole message", str(error))
    yield from message.taken()


class _Message:
    """Reads the elements of a message as they come, and keeps none of them.

    Attributes
    ----------
    dataset : str
        As ``ESTAT:MIGR_EIPRE(1.0)``, once the header has been read; empty where it only refers to the structure of another name.
    footer : str
        What the provider says in place of data.
    """

    def __init__(self, file: str):
        self.dataset = self.footer = ""
        self._file = file
        self._path: list[str] = []
        self._at_observation = _TIME
        self._structure: str | None = None
        self._series, self._row = _Row(0), _Row(0)
        self._complete: list[_Row] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def taken(self) -> list[_Row]:
        """The observations that are complete, which are forgotten here."""
        complete, self._complete = self._complete, []
        return complete

    def refuse(self, what: str, expected: str, found: str) -> NoReturn:
        """Raise the error about the place that the parser has reached."""
        raise malformed(
            what,
            where=place(self._file, self.parser.CurrentLineNumber),
            expected=expected,
            found=found[:200],
            hint="download it again, or download the data as SDMX-CSV",
        )

    def _refuse_doctype(self, name: str, *_: object) -> None:
        self.refuse("this XML declares a document type, as no data do", "SDMX-ML", f"<!DOCTYPE {name}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        self._path.append(element)
        if len(self._path) > _DEEPEST:
            self.refuse("the elements of this message lie too deep", f"at most {_DEEPEST} levels", "more")
        if element in _TEXTS:
            self._text = []
            self.parser.CharacterDataHandler = self._text.append
        if element in _STARTS:
            _STARTS[element](self, attributes)

    def _end(self, name: str) -> None:
        element = self._path.pop()
        if element == "Obs":
            self._complete.append(self._row)
        elif element == "Series":
            self._series = _Row(0)
        elif element in _TEXTS:
            self.parser.CharacterDataHandler = None
            self._read_text(element, "".join(self._text).strip())

    def _read_text(self, element: str, text: str) -> None:
        if element == "Time":
            self._row.key[_TIME] = text
        elif element == "Text":
            self.footer = self.footer or text
        elif text.startswith("urn:"):
            kind, _, reference = text.partition("=")
            self._refer(reference, is_structure=kind.endswith("DataStructure"))

    def _header_structure(self, attributes: dict[str, str]) -> None:
        self._at_observation = attributes.get("dimensionAtObservation", self._at_observation)

    def _reference(self, attributes: dict[str, str]) -> None:
        text = f"{attributes.get('agencyID', '')}:{attributes.get('id', '')}({attributes.get('version', '1.0')})"
        self._refer(text, is_structure="StructureUsage" not in self._path)

    def _refer(self, reference: str, is_structure: bool) -> None:
        """What the header refers to: a dataflow, or a structure, which only Eurostat names as the dataflow."""
        if "Header" in self._path and (not is_structure or reference.startswith(f"{_EUROSTAT}:")):
            if self.dataset not in ("", reference):
                self.refuse("this message holds more than one dataset", self.dataset, reference)
            self.dataset = reference

    def _data_set(self, attributes: dict[str, str]) -> None:
        plain = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if plain.get("action") == "Delete":
            self.refuse("this message says what to delete, not what there is", "data", "action Delete")
        structure = plain.get("structureRef", "")
        if self._structure not in (None, structure):
            self.refuse("this message holds more than one dataset", str(self._structure), structure)
        self._structure = structure
        self._of_many(attributes)

    def _of_many(self, attributes: dict[str, str]) -> None:
        """What is said of several series at once."""
        if attributes.get(MULTIPLIER, "0") != "0":
            self.refuse("values are given in a power of ten", f"{MULTIPLIER} 0, or none", attributes[MULTIPLIER])

    def _start_series(self, attributes: dict[str, str]) -> None:
        self._series = _Row(self.parser.CurrentLineNumber)
        self._add(self._series, attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _Row(self.parser.CurrentLineNumber, {**self._series.key}, {**self._series.said})
        in_series = "Series" in self._path and self._at_observation != _ALL
        for name in attributes:
            if in_series and " " not in name and name not in (*_ATTRIBUTES, _TIME, self._at_observation):
                self._refuse_attribute(name)
        self._add(self._row, attributes)

    def _add(self, row: _Row, attributes: dict[str, str]) -> None:
        """Concepts of structure-specific data; those with a namespace are of XML."""
        for name, value in attributes.items():
            if name in _ATTRIBUTES:
                row.said[name] = value
            elif " " not in name:
                row.key[name] = value

    def _value(self, attributes: dict[str, str]) -> None:
        """A concept of generic data, by what it is within."""
        section, name = self._path[-2], attributes.get("id") or attributes.get("concept", "")
        row = self._row if "Obs" in self._path else self._series
        if section in ("SeriesKey", "ObsKey"):
            row.key[name] = attributes.get("value", "")
        elif section == "Attributes" and {"Obs", "Series"}.intersection(self._path):
            if name not in _ATTRIBUTES:
                self._refuse_attribute(name)
            row.said[name] = attributes.get("value", "")
        elif section == "Attributes" and name == MULTIPLIER:
            self._of_many({MULTIPLIER: attributes.get("value", "")})

    def _observation_dimension(self, attributes: dict[str, str]) -> None:
        self._row.key[attributes.get("id", self._at_observation)] = attributes.get("value", "")

    def _observation_value(self, attributes: dict[str, str]) -> None:
        self._row.said[_VALUE] = attributes.get("value", "")

    def _refuse_attribute(self, name: str) -> NoReturn:
        # It might change the meaning of a value.
        self.refuse(f"the attribute {name[:80]} is not known", ", ".join(COLUMNS), name)


_STARTS = {
    "Structure": _Message._header_structure,
    "Ref": _Message._reference,
    "DataSet": _Message._data_set,
    "Group": _Message._of_many,
    "Series": _Message._start_series,
    "Obs": _Message._start_row,
    "Value": _Message._value,
    "ObsDimension": _Message._observation_dimension,
    "ObsValue": _Message._observation_value,
}

"""The elements of an SDMX-ML data message, read as they come: none is kept, so that memory does not grow with the message."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from workbench.data.formats.sdmx_csv import COLUMNS, IGNORED, MULTIPLIER
from workbench.data.formats.text import LONGEST_LINE, malformed, place, unpacked_bytes

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"

_EUROSTAT = "ESTAT"
_CHUNK = 1 << 16
_DEEPEST = 40
_FURTHEST = 1 << 24
"""Bytes between two observations, or before the first: a header, and what is said of groups."""
_TEXTS = ("Time", "URN", "StructureUsage", "Structure", "Text")
"""Elements whose text is read; in SDMX 3.0 the address of a structure is the text of ``Structure`` itself."""
_ATTRIBUTES = {*COLUMNS, *IGNORED, MULTIPLIER} - {TIME}
_ALL = "AllDimensions"


@dataclass(slots=True)
class Row:
    """An observation: the line on which it begins, its dimensions with time, and its value with all attributes."""

    line: int
    key: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


def read_rows(path: Path, message: "Message") -> Iterator[Row]:
    """The observations of a message, as it is read.

    Raises
    ------
    MalformedFile
        If the XML is damaged or declares entities, an element is far larger than any observation, or an attribute is not known.
    """
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


class Message:
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
        self._at_observation = TIME
        self._structure: str | None = None
        self._series, self._row = Row(0), Row(0)
        self._complete: list[Row] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def taken(self) -> list[Row]:
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
            self._series = Row(0)
        elif element in _TEXTS:
            self.parser.CharacterDataHandler = None
            self._read_text(element, "".join(self._text).strip())

    def _read_text(self, element: str, text: str) -> None:
        if element == "Time":
            self._row.key[TIME] = text
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
        self._series = Row(self.parser.CurrentLineNumber)
        self._add(self._series, attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = Row(self.parser.CurrentLineNumber, self._series.key.copy(), self._series.said.copy())
        self._add(self._row, attributes)
        if self._at_observation != _ALL and self._series.key:
            for name in sorted(self._row.key.keys() - self._series.key.keys() - {TIME, self._at_observation}):
                self._refuse_attribute(name)

    def _add(self, row: Row, attributes: dict[str, str]) -> None:
        """Concepts of structure-specific data; attributes with a namespace are of XML."""
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

    def _component(self, attributes: dict[str, str]) -> None:
        """An attribute of several values, which SDMX 3.0 writes as an element."""
        if (name := attributes.get("id", "")) not in _ATTRIBUTES:
            self._refuse_attribute(name)

    def _observation_dimension(self, attributes: dict[str, str]) -> None:
        self._row.key[attributes.get("id", self._at_observation)] = attributes.get("value", "")

    def _observation_value(self, attributes: dict[str, str]) -> None:
        self._row.said[VALUE] = attributes.get("value", "")

    def _refuse_attribute(self, name: str) -> NoReturn:
        # It might change the meaning of a value.
        self.refuse(f"the attribute {name[:80]} is not known", ", ".join(COLUMNS), name)


_STARTS = {
    "Structure": Message._header_structure,
    "Ref": Message._reference,
    "DataSet": Message._data_set,
    "Group": Message._of_many,
    "Series": Message._start_series,
    "Obs": Message._start_row,
    "Value": Message._value,
    "Comp": Message._component,
    "ObsDimension": Message._observation_dimension,
    "ObsValue": Message._observation_value,
}

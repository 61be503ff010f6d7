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

import numpy
import pyarrow

from workbench.data.formats.cells import MEASURED, CellBlock, blank, check_columns
from workbench.data.formats.sdmx_csv import COLUMNS, MULTIPLIER, column_of_concept
from workbench.data.formats.sdmx_message import TIME, VALUE, Message, Row, read_rows
from workbench.data.formats.text import malformed, place
from workbench.declarations.labels import Labels

_ROOT = re.compile(
    rb"<([\w.\-]+:)?(Generic(TimeSeries)?Data|StructureSpecific(TimeSeries)?Data|CompactData)\s[^<>]*sdmx",
    re.IGNORECASE,
)
_ROWS = 1 << 16


@dataclass(frozen=True)
class SdmxMl:
    """See `workbench.data.formats.cells.NativeFile`. A row is the line on which an observation begins.

    ``concepts`` gives the name in the file of each dimension and of time, and ``dataset`` is what the header refers to.
    """

    path: Path
    concepts: dict[str, str]
    dataset: str
    labels: Labels = field(default_factory=dict)
    form: str = "SDMX-ML"

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
        rows = read_rows(self.path, Message(self.path.name))
        while some := list(islice(rows, _ROWS)):
            yield CellBlock(self._texts(some), numpy.array([row.line for row in some]))

    def _texts(self, rows: list[Row]) -> dict[str, pyarrow.DictionaryArray]:
        concepts = self.concepts.values()
        wanted = set(concepts)
        for row in rows:
            if row.key.keys() != wanted:
                raise malformed(
                    "this observation does not have the dimensions of the first",
                    where=place(self.name, row.line),
                    expected=", ".join(concepts)[:200],
                    found=", ".join(row.key)[:200],
                    hint="download the data as SDMX-CSV, which parts dimensions from attributes",
                )
        return {
            **{column: _encoded(row.key[name] for row in rows) for column, name in self.concepts.items()},
            "value": _encoded(row.said.get(VALUE, "") for row in rows),
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
    message = Message(path.name)
    first = next(read_rows(path, message), None)
    if first is None:
        raise malformed(
            "this message has no observation",
            where=path.name,
            expected="an observation",
            found=message.footer[:200] or "none",
            hint="check the filter of the download, or download the data as SDMX-CSV",
        )
    concepts = {column_of_concept(name): name for name in first.key if name != TIME}
    if len(concepts) < len(first.key) - 1 or TIME not in first.key:
        raise malformed(
            "this observation has no period, or the same dimension twice",
            where=place(path.name, first.line),
            expected=f"{TIME}, and each dimension once",
            found=", ".join(first.key)[:200],
        )
    check_columns((*concepts, *MEASURED), path.name)
    return SdmxMl(path, concepts | {"time": TIME}, message.dataset)

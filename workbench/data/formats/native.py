"""A native file, opened: its content decides of which form it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.data.formats.cells import NativeFile
from workbench.data.formats.data_explorer import is_data_explorer, open_data_explorer
from workbench.data.formats.eurostat_workbook import is_workbook, open_eurostat_workbook
from workbench.data.formats.json_stat import is_json, open_json_stat
from workbench.data.formats.parquet import is_parquet, open_parquet
from workbench.data.formats.sdmx_csv import open_sdmx_csv
from workbench.data.formats.sdmx_ml import is_sdmx_ml, open_sdmx_ml
from workbench.data.formats.text import read_beginning
from workbench.data.formats.tsv import is_tsv, open_tsv
from workbench.declarations.labels import Labels

# Whether a file with this beginning is of the format, and how to open it; SDMX-CSV is what is left, or nothing known.
_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[Path], Any]], ...] = (
    (is_parquet, open_parquet),
    (is_workbook, open_eurostat_workbook),
    (is_json, open_json_stat),
    (is_sdmx_ml, open_sdmx_ml),
    (is_tsv, open_tsv),
    (is_data_explorer, open_data_explorer),
    (lambda begin: True, open_sdmx_csv),
)


def open_native(path: Path, labels: Labels | None = None) -> NativeFile:
    """Open a file of Eurostat or of any SDMX source; its content, not its name, decides the format.

    Parameters
    ----------
    path : Path
        SDMX-CSV 1.0 or 2.0, holding codes, labels or both; TSV, of today or of the old bulk downloads; JSON-stat 2.0; SDMX-ML,
        generic or structure-specific; Parquet with the columns of SDMX-CSV; CSV of the old Data Explorer; or a workbook of the
        Data Browser or the Data Explorer. Text plain or gzip, in UTF-8, UTF-16 or Windows-1252, with lines that end with LF or
        CRLF; CSV also as a spreadsheet program saves it, with semicolons and decimal commas.
    labels : mapping, optional
        The codes of labels that no code list has, from `workbench.declarations.labels.read_labels`.

    Returns
    -------
    NativeFile
        Its cells, block by block, not interpreted yet.

    Raises
    ------
    MalformedFile
        If it is none of these. A row further down that breaks the format is only found when its block is read.

    Notes
    -----
    Formats: Eurostat, "API - Detailed guidelines" (SDMX-CSV, TSV, JSON-stat); SDMX-CSV 1.0 and 2.0, SDMX-ML 2.0 and 2.1 of the
    SDMX Technical Standards; JSON-stat 2.0 (json-stat.org/full).
    """
    begin = read_beginning(path)
    opened = next(open_file(path) for is_one, open_file in _FORMATS if is_one(begin))
    return replace(opened, labels=labels or {})

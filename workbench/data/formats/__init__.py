"""Native files of official statistics: their cells, and where each is."""

from dataclasses import replace
from pathlib import Path

from workbench.data.formats.cells import CellBlock, NativeFile
from workbench.data.formats.data_explorer import is_data_explorer, open_data_explorer
from workbench.data.formats.sdmx_csv import open_sdmx_csv
from workbench.data.formats.text import read_heading
from workbench.data.formats.tsv import is_tsv, open_tsv
from workbench.declarations.labels import Labels

__all__ = ["CellBlock", "NativeFile", "open_native"]


def open_native(path: Path, labels: Labels | None = None) -> NativeFile:
    """Open a file of Eurostat or of any SDMX source; its content, not its name, decides the format.

    Parameters
    ----------
    path : Path
        SDMX-CSV with either header, holding codes, labels or both; TSV; or CSV of the old Data Explorer. Plain or gzip;
        UTF-8 with or without a byte-order mark, or Windows-1252; lines that end with LF or CRLF.
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
    Formats: Eurostat, "API - Detailed guidelines" (SDMX-CSV, TSV); SDMX-CSV 1.0 and 2.0 of the SDMX Technical Standards.
    """
    heading = read_heading(path)
    if is_tsv(heading):
        return replace(open_tsv(path, heading), labels=labels or {})
    open_csv = open_data_explorer if is_data_explorer(heading) else open_sdmx_csv
    return replace(open_csv(path, heading), labels=labels or {})

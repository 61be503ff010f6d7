"""Native files of official statistics, and the normal form in which a snapshot is stored."""

from pathlib import Path

from workbench.data.formats.sdmx_csv import read_sdmx_csv, write_table
from workbench.data.formats.table import DataTable
from workbench.data.formats.text import read_content
from workbench.data.formats.tsv import is_tsv, read_tsv

__all__ = ["DataTable", "read_table", "write_table"]


def read_table(path: Path) -> DataTable:
    """Read a file of Eurostat's; its content, never its name, says what it is.

    Parameters
    ----------
    path : Path
        SDMX-CSV with either header, holding codes, labels or both; or TSV. Plain or gzip; UTF-8 with or without a
        byte-order mark, or Windows-1252; lines that end with LF or CRLF.

    Returns
    -------
    DataTable
        One row an observation, sorted by the dimensions and time. Values are in the unit that the file's ``unit`` says.

    Raises
    ------
    MalformedFile
        With file, row and column, if it is none of these or breaks its format; nothing is read of such a file.
    UnknownCode
        If it holds a label or a flag that no code list has, naming the near ones.

    Notes
    -----
    Formats: Eurostat, "API - Detailed guidelines" (SDMX-CSV, TSV); SDMX-CSV 1.0 and 2.0 of the SDMX Technical Standards.
    Flags: Eurostat's split of 27 January 2025, see `workbench.data.formats.flags`.
    """
    content = read_content(path)
    read = read_tsv if is_tsv(content) else read_sdmx_csv
    return read(content, path.name)

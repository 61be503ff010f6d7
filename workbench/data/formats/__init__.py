"""Native files of official statistics, and the normal form in which a snapshot is stored."""

from pathlib import Path

from workbench.data.formats.sdmx_csv import is_sdmx_csv, read_sdmx_csv, write_sdmx_csv
from workbench.data.formats.table import DataTable, malformed
from workbench.data.formats.text import read_text
from workbench.data.formats.tsv import is_tsv, read_tsv

__all__ = ["DataTable", "read_table", "write_table"]

write_table = write_sdmx_csv


def read_table(path: Path) -> DataTable:
    """Read a file of official statistics; its content, never its name, says which format it has.

    Parameters
    ----------
    path : Path
        SDMX-CSV of Eurostat with either header, with codes, labels or both; or Eurostat TSV. Plain or gzip; UTF-8 with or
        without a byte-order mark, or Windows-1252; any line ends.

    Raises
    ------
    MalformedFile
        With file, row and column, for anything else.
    UnknownCode
        If the file has labels, and one of them stands for no code.
    """
    text = read_text(path)
    header = text.partition("\n")[0]
    if is_sdmx_csv(header):
        return read_sdmx_csv(text, path.name)
    if is_tsv(header):
        return read_tsv(text, path.name)
    raise malformed(
        path.name,
        "is neither SDMX-CSV nor Eurostat TSV",
        row=1,
        expected="a header that begins with DATAFLOW or STRUCTURE, or whose first cell ends with \\TIME_PERIOD",
        found=header[:120] or "an empty line",
        remedy="download the data again, as SDMX-CSV",
    )

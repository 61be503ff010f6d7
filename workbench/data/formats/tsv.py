"""Eurostat's tab-separated files: a row a series, a column a period, a cell a value with its flags.

Source: Eurostat, API – detailed guidelines – TSV; the oldest files have no ``freq`` and say ``geo\\time``.
"""

import pandas

from workbench.data.formats.table import DataTable, malformed, tidy

_SEPARATOR = "\\"


def is_tsv(header: str) -> bool:
    """Whether a header line is one of Eurostat TSV."""
    return header.split("\t", maxsplit=1)[0].strip().lower().endswith(("\\time_period", "\\time"))


def read_tsv(text: str, name: str) -> DataTable:
    """Read Eurostat TSV text; ``name`` is the file's, for errors. See `workbench.data.formats.read_table`.

    ``:`` without a flag is no observation and is left out; with a flag it is one without a value. ``0n`` is a zero that
    stands for less than half the unit, with the flag n.
    """
    lines = text.rstrip("\n").split("\n")
    first, *periods = lines[0].split("\t")
    dimensions = tuple(first.partition(_SEPARATOR)[0].strip().lower().split(","))
    rows = [_row(name, number, line, dimensions, periods) for number, line in enumerate(lines[1:], start=2) if line]
    if not rows:
        raise malformed(name, "has a header and no observations", remedy="check the filter of the download")
    wide = pandas.DataFrame(
        [[*codes, *cells] for _, codes, cells in rows],
        columns=[*dimensions, *(period.strip() for period in periods)],
        index=[number for number, _, _ in rows],
    )
    long = wide.melt(id_vars=list(dimensions), var_name="time", value_name="cell", ignore_index=False)
    cells = long["cell"].str.strip().str.extract(r"^(?P<value>:|[^a-z:\s]*)\s*(?P<flag>.*)$")
    long = long.assign(value=cells["value"], flag=cells["flag"].str.replace(" ", ""), conf="")
    there = (long["value"] != ":") & (long["value"] != "") | (long["flag"] != "")
    return DataTable(None, None, dimensions, tidy(name, long[there], dimensions))


def _row(name: str, number: int, line: str, dimensions: tuple, periods: list) -> tuple[int, list[str], list[str]]:
    key, *cells = line.split("\t")
    codes = [code.strip() for code in key.split(",")]
    if len(codes) != len(dimensions) or len(cells) != len(periods):
        raise malformed(
            name,
            "has rows of unequal length",
            row=number,
            expected=f"{len(dimensions)} codes and {len(periods)} cells",
            found=f"{len(codes)} codes and {len(cells)} cells",
        )
    return number, codes, cells

"""The providers' own code lists of a dataset, fetched once and kept: ``outputs/codelists/<agency>/<dataset>.csv``.

They know labels that the workbench's lists do not have. Nothing is published from them: what is shown is named by
`workbench.declarations.codelists`.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from workbench.declarations.codelists import code_list, has_code_list, plain
from workbench.model.errors import InvalidDeclaration
from workbench.model.names import DATASET, DIMENSION, SOURCE
from workbench.model.paths import Project, write_whole

_COLUMNS = ("dimension", "code", "en")

CodeLists = Mapping[str, Mapping[str, str]]
"""Dimension to its codes, each with its English label."""


def keep_code_lists(project: Project, agency: str, dataset: str, lists: CodeLists) -> Path:
    """Write the code lists of a dataset, in place of those kept before."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for dimension, codes in lists.items():
        writer.writerows((dimension.lower(), code, label) for code, label in codes.items())
    return write_whole(_kept(project, agency, dataset), text.getvalue())


def kept_code_lists(project: Project, agency: str, dataset: str) -> CodeLists:
    """The code lists of a dataset that are kept; empty if they were never fetched.

    Raises
    ------
    InvalidDeclaration
        If the file was changed into something else.
    """
    path = _kept(project, agency, dataset)
    if not path.exists():
        return {}
    lists: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            if tuple(row) != _COLUMNS or not all(row.values()) or not DIMENSION.allow(row["dimension"]):
                raise InvalidDeclaration(
                    "this is not a row of kept code lists",
                    where=f"{path}, row {rows.line_num}",
                    expected=", ".join(_COLUMNS),
                    found=str(row)[:200],
                    unchanged="nothing was read and nothing was stored",
                    hint=f"remove the file, and fetch it again: workbench fetch {dataset} --code-lists",
                )
            lists.setdefault(row["dimension"], {})[row["code"]] = row["en"]
    return lists


def further_labels(lists: CodeLists) -> dict[str, dict[str, str]]:
    """What the workbench's own code lists do not know: dimension to labels, without footnote marks, to their codes.

    A label that stands for several codes says nothing.
    """
    further = {}
    for dimension, codes in lists.items():
        known = code_list(dimension) if has_code_list(dimension) else None
        times = Counter(map(plain, codes.values()))
        further[dimension] = {
            plain(label): code
            for code, label in codes.items()
            if times[plain(label)] == 1 and not (known and known.meaning(label))
        }
    return further


def _kept(project: Project, agency: str, dataset: str) -> Path:
    folder = project.outputs / "codelists" / SOURCE.checked(agency)
    return folder / f"{DATASET.checked(dataset)}.csv"

"""The error about texts that no code list has: all of a file at once, as a mapping in which their codes are filled in."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from workbench.declarations.codelists import has_code_list
from workbench.model.counted import counted
from workbench.model.errors import UnknownCode

_NAMED = 200
"""The largest number of texts that the error lists; a file with more is in another language, or has other columns."""


class UnknownLabels(UnknownCode):
    """Texts of a file that no code list has.

    Attributes
    ----------
    mapping : str
        All of them as YAML of the form that `workbench.declarations.labels.read_labels` reads, without the codes.
    """

    mapping = ""


@dataclass(frozen=True)
class Unknown:
    """A text of a dimension that cannot be interpreted: why, in how many rows it is, and where first."""

    dimension: str
    text: str
    error: UnknownCode
    rows: int
    where: str


def unknown_texts(unknown: Sequence[Unknown]) -> UnknownLabels:
    """The error about texts of a file that cannot be interpreted, in the given order."""
    first, many = unknown[0], len(unknown)
    rest = f"\nand {many - _NAMED} more" if many > _NAMED else ""
    lines = (_mapping(unknown[:_NAMED]).rstrip() + rest).replace("\n", "\n    ")
    error = UnknownLabels(
        f"{many} labels of this file are in no code list" if many > 1 else first.error.what,
        where=first.where,
        expected=f"labels of {', '.join(dict.fromkeys(one.dimension for one in unknown))} that the code lists know"
        if many > 1
        else first.error.expected,
        found=f"these, with a mapping to fill in:\n    {lines}",
        unchanged="nothing was stored",
        hint=first.error.hint,
    )
    error.mapping = _mapping(unknown)
    return error


def _mapping(unknown: Sequence[Unknown]) -> str:
    """YAML of dimension, label and an empty place for its code; how often and where it is, and what is near, as comments."""
    lines = []
    for dimension, labels in itertools.groupby(unknown, lambda one: one.dimension):
        lines.append(f"{dimension}:")
        for one in labels:
            key = yaml.safe_dump(one.text, default_style='"', allow_unicode=True, width=10_000).strip()
            nearest = one.error.expected if has_code_list(dimension) else one.error.what
            lines.append(f"  {key}:  # {_in_rows(one)}: {nearest}")
    return "\n".join(lines) + "\n"


def _in_rows(one: Unknown) -> str:
    return f"in {counted(one.rows, 'row')}, first in {one.where.partition(', ')[2]}"

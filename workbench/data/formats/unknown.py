"""The error about what no code list has: all texts of a file at once, for one at a time would be asked again and again."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.errors import UnknownCode

_NAMED = 200
"""So many are named; a file with more is in another language, or its columns are others."""


@dataclass(frozen=True)
class Unknown:
    """A text of a dimension that means nothing: why, in how many rows it stands, and where first."""

    dimension: str
    text: str
    error: UnknownCode
    rows: int
    where: str


def unknown_texts(unknown: Sequence[Unknown]) -> UnknownCode:
    """The error about texts of a file that mean nothing, in the order in which they are given."""
    first = unknown[0]
    if len(unknown) == 1:
        what, expected = first.error.what, first.error.expected
        found = f"{first.text!r}, {_in_rows(first)}"
    else:
        what = f"{len(unknown)} labels of this file are in no code list"
        expected = f"labels of {', '.join(dict.fromkeys(one.dimension for one in unknown))} that the code lists know"
        lines = [f"{one.dimension}: {one.text!r}, {_in_rows(one)}: {one.error.expected}" for one in unknown[:_NAMED]]
        found = "\n    ".join(["", *lines, *([f"and {len(unknown) - _NAMED} more"] if len(unknown) > _NAMED else [])])
    return UnknownCode(
        what,
        where=first.where,
        expected=expected,
        found=found,
        unchanged="nothing was stored",
        hint=first.error.hint,
    )


def _in_rows(one: Unknown) -> str:
    return f"in {one.rows:,} row{'s' if one.rows > 1 else ''}, first in {one.where.partition(', ')[2]}"

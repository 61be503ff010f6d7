"""The error about texts that no code list has: all of a file at once, so that they can be declared together."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.errors import UnknownCode

_NAMED = 200
"""The largest number of texts listed; a file with more is in another language, or has other columns."""


@dataclass(frozen=True)
class Unknown:
    """A text of a dimension that cannot be interpreted: why, in how many rows it is, and where first."""

    dimension: str
    text: str
    error: UnknownCode
    rows: int
    where: str


def unknown_texts(unknown: Sequence[Unknown]) -> UnknownCode:
    """The error about texts of a file that cannot be interpreted, in the given order."""
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

"""What the texts of a file mean: every distinct text of a column is judged once, all of a column together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy

from workbench.data.formats.cells import understood
from workbench.data.formats.flags import confidentiality_among, confidentiality_status, observation_status
from workbench.data.formats.meanings import (
    agency_of,
    code_of,
    dataset_of,
    hold_labels_only,
    last_update,
    period,
    unit_multiplier,
)
from workbench.data.formats.text import malformed
from workbench.data.gathering import Gathered


@dataclass(frozen=True)
class Meaning:
    """The codes of a column, sorted, and for each text of the file the position of its code."""

    codes: list[str]
    position: numpy.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Meaning":
        codes, position = numpy.unique(numpy.array(texts, dtype=object), return_inverse=True)
        return cls(codes.tolist(), position.astype(numpy.int32))


def meanings_of(gathered: Gathered) -> dict[str, Meaning]:
    """Column to what its texts mean; ``among_flags`` is what those of ``obs_status`` say of confidentiality.

    Raises
    ------
    MalformedFile, UnknownCode
        With the place of the first text that means nothing.
    """

    def meant(column: str, meaning: Callable[[str], str]) -> Meaning:
        found = understood(gathered.texts[column].numbers, meaning, partial(gathered.place_of, column))
        return Meaning.of(found)

    dimensions = gathered.file.dimensions
    if gathered.grouped and not _may_group_thousands(gathered):
        where, text = gathered.grouped
        raise malformed(f"{text!r} is no number", where=where, expected="a number, or an empty cell", found=repr(text))
    return {name: meant(name, code_of(name, gathered.texts[name].numbers)) for name in dimensions} | {
        "time": meant("time", period),
        "obs_status": meant("obs_status", observation_status),
        "conf_status": meant("conf_status", confidentiality_status),
        "among_flags": meant("obs_status", confidentiality_among),
    }


def _may_group_thousands(gathered: Gathered) -> bool:
    texts = (gathered.texts[name].numbers for name in gathered.file.dimensions)
    return gathered.file.groups_thousands or any(map(hold_labels_only, texts))


@dataclass(frozen=True)
class About:
    """What each row of a file says of the whole; None where it does not."""

    agency: str | None
    dataset: str | None
    last_update: str | None


def about(gathered: Gathered) -> About:
    """What the file says of itself.

    Raises
    ------
    MalformedFile
        If the rows do not all say the same, or values are in a power of ten.
    """
    _said(gathered, "unit_multiplier", unit_multiplier)
    return About(
        _said(gathered, "dataset", agency_of),
        _said(gathered, "dataset", dataset_of),
        _said(gathered, "last_update", last_update),
    )


def _said(gathered: Gathered, column: str, meaning: Callable[[str], str]) -> str | None:
    """What every row says in a leading column; None if it is empty or not there."""
    if column not in gathered.about:
        return None
    texts = list(gathered.about[column].numbers)
    said = understood(texts, meaning, partial(gathered.place_of, column))
    for text, other in zip(texts, said):
        if other != said[0]:
            raise malformed(
                "the rows of this file are of more than one download",
                where=gathered.place_of(column, text),
                expected=f"{said[0] or 'nothing'}, as in row 2",
                found=other or "nothing",
                remedy="import each download on its own: two vintages never mix",
            )
    return said[0] or None

"""The codes that the texts of a file stand for: every distinct text is interpreted once, those of a column together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy

from workbench.data.encoded_rows import EncodedRows
from workbench.data.formats.cell_parsers import (
    action,
    agency_of,
    code_of,
    dataset_of,
    frequency,
    hold_labels_only,
    last_update,
    period,
    unit_multiplier,
)
from workbench.data.formats.cells import interpreted
from workbench.data.formats.flags import confidentiality_among, confidentiality_status, observation_status
from workbench.data.formats.text import malformed
from workbench.data.formats.unknown import Unknown, unknown_texts
from workbench.declarations.codelists import plain
from workbench.model.errors import UnknownCode


@dataclass(frozen=True)
class Interpretation:
    """The sorted codes of a column, and for each text of the file the position of its code."""

    codes: list[str]
    position: numpy.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Interpretation":
        codes, position = numpy.unique(numpy.array(texts, dtype=object), return_inverse=True)
        return cls(codes.tolist(), position.astype(numpy.int32))


def interpretations_of(encoded: EncodedRows) -> dict[str, Interpretation]:
    """Column to the interpretation of its texts; ``among_flags`` is what those of ``obs_status`` say of confidentiality.

    Raises
    ------
    MalformedFile, UnknownCode
        With the place of the first text that cannot be interpreted.
    """
    if encoded.grouped and not _may_group_thousands(encoded):
        where, text = encoded.grouped
        raise malformed(
            f"{text!r} is not a number", where=where, expected="a number, or an empty cell", found=repr(text)
        )

    def interpretation(column: str, parse: Callable[[str], str]) -> Interpretation:
        return Interpretation.of(interpreted(encoded.texts[column].numbers, parse, partial(encoded.place_of, column)))

    _refuse_mixed_periods(encoded)
    return {name: Interpretation.of(codes) for name, codes in _codes(encoded).items()} | {
        "time": interpretation("time", period),
        "obs_status": interpretation("obs_status", observation_status),
        "conf_status": interpretation("conf_status", confidentiality_status),
        "among_flags": interpretation("obs_status", confidentiality_among),
    }


def _refuse_mixed_periods(encoded: EncodedRows) -> None:
    """Refuse years, quarters and months side by side, save where a dimension of frequency tells them apart."""
    times = list(encoded.texts["time"].numbers)
    forms = list(map(frequency, interpreted(times, period, partial(encoded.place_of, "time"))))
    stated = {text[:1].upper() for text in encoded.texts["freq"].numbers} if "freq" in encoded.texts else set[str]()
    if len(set(forms)) == 1 or set(forms) <= stated:
        return
    other = next(text for text, form in zip(times, forms) if form != forms[0])
    raise malformed(
        "this file has years, quarters or months side by side, and no dimension freq that tells them apart",
        where=encoded.place_of("time", other),
        expected=f"periods such as {times[0]}, or freq {', '.join(sorted(set(forms)))}",
        found=other,
        hint="import them as datasets of their own, or take a file with codes of freq",
    )


def _codes(encoded: EncodedRows) -> dict[str, Sequence[str]]:
    """Dimension to the code of each of its texts."""
    codes: dict[str, Sequence[str]] = {}
    unknown: dict[str, dict[str, UnknownCode]] = {}
    for name in encoded.file.dimensions:
        codes[name], unknown[name] = _codes_of(encoded, name)
    if not any(unknown.values()):
        return codes
    found = encoded.occurrences({name: list(errors) for name, errors in unknown.items()})
    raise unknown_texts(
        [Unknown(name, text, errors[text], *found[name, text]) for name, errors in unknown.items() for text in errors]
    )


def _codes_of(encoded: EncodedRows, name: str) -> tuple[Sequence[str], dict[str, UnknownCode]]:
    """The code of each text of a dimension, and the errors of those that have none."""
    texts, labels = encoded.texts[name].numbers, encoded.file.labels
    if labels is None:
        return list(texts), {}
    parse, unknown = code_of(name, texts, labels.get(name, {})), dict[str, UnknownCode]()

    def code(text: str) -> str:
        try:
            return parse(text)
        except UnknownCode as error:
            unknown[text] = error
            return text

    return interpreted(texts, code, partial(encoded.place_of, name)), unknown


def labels_used(encoded: EncodedRows) -> dict[str, dict[str, str]]:
    """Dimension to those of its texts, without footnote marks, that the labels given with the file interpret."""
    used = {}
    for name in encoded.file.dimensions:
        said = (encoded.file.labels or {}).get(name, {})
        if texts := sorted({plain(text) for text in encoded.texts[name].numbers} & said.keys()):
            used[name] = {text: said[text] for text in texts}
    return used


def _may_group_thousands(encoded: EncodedRows) -> bool:
    texts = (encoded.texts[name].numbers for name in encoded.file.dimensions)
    return encoded.file.groups_thousands or any(map(hold_labels_only, texts))


@dataclass(frozen=True)
class FileContext:
    """What each row of a file says of the file as a whole; None where it says nothing."""

    agency: str | None
    dataset: str | None
    last_update: str | None


def file_context(encoded: EncodedRows) -> FileContext:
    """Read what the file says of itself.

    Raises
    ------
    MalformedFile
        If the rows do not all say the same, are to be deleted, or hold multiples of a power of ten.
    """
    _stated_once(encoded, "unit_multiplier", unit_multiplier)
    _stated_once(encoded, "action", action)
    return FileContext(
        _stated_once(encoded, "dataset", agency_of),
        _stated_once(encoded, "dataset", dataset_of),
        _stated_once(encoded, "last_update", last_update),
    )


def _stated_once(encoded: EncodedRows, column: str, parse: Callable[[str], str]) -> str | None:
    """What every row says in a leading column; None if it is empty or missing."""
    if column not in encoded.about:
        return None
    texts = list(encoded.about[column].numbers)
    said = interpreted(texts, parse, partial(encoded.place_of, column))
    for text, other in zip(texts, said):
        if other != said[0]:
            raise malformed(
                "the rows of this file come from more than one download",
                where=encoded.place_of(column, text),
                expected=f"{said[0] or 'nothing'}, as in row 2",
                found=other or "nothing",
                hint="import each download by itself: vintages are never mixed",
            )
    return said[0] or None

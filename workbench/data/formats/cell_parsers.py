"""Parsing the text of a cell: a code, a period, a number."""

import math
import re
from collections.abc import Callable, Collection, Mapping

from workbench.declarations.codelists import CodeList, code_list, plain
from workbench.model.errors import MalformedFile, UnknownCode
from workbench.model.names import FLOW, MAINTAINER

LARGEST = 1e15
"""The largest figure: not far above it, a float no longer holds every whole number."""

LONGEST_CODE = 64
"""Characters of a code; those of Eurostat have some thirty at most."""
LONGEST_LABEL = 400
"""Characters of a label, with its code or without."""
_COMPARED = 40
"""The number of unknown labels of a column for which the nearest known ones are looked for, which takes time."""
_MOST_UNKNOWN = 2_000

_CODE = re.compile(r"[A-Z0-9_.\-]+")
_CODE_AND_LABEL = re.compile(rf"({_CODE.pattern}):.+")
_PERIOD = re.compile(r"((?:1[89]|2[01])[0-9]{2})(?:-?(Q[1-4])|(?:-|-?M)(0[1-9]|1[0-2]))?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
# \s is any space, including no-break spaces.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([,\s][0-9]{3})+(\.[0-9]+)?")
_BETWEEN_GROUPS = re.compile(r"[,\s]")
# An empty cell of SDMX-CSV, what Eurostat writes, and SDMX's missing number.
_NO_VALUE = ("", ":", "NaN")
_LONGEST_NUMBER = 60
_FAILED = re.compile(r"#[A-Z/0]+[!?]?")
_FROM_SPREADSHEET = "a formula of a spreadsheet program failed here: import the file as it was downloaded"
_ACTIONS = ("", "I", "A", "R", "M")
_LONGEST_REFERENCE = 1000
_DATAFLOW = re.compile(
    rf"((?P<agency>{MAINTAINER.pattern}):(?P<flow>{FLOW.pattern})|(?P<alone>{FLOW.pattern}))(\$\w+)?(\([0-9.]+\))?(?(agency)(:.*)?)",
    re.ASCII,
)
_MOMENT = re.compile(r"([0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.]+(Z|[+-][0-9:]+)?)?")


def code_of(dimension: str, texts: Collection[str], labels: Mapping[str, str]) -> Callable[[str], str]:
    """The parser of the cells of a dimension: each is a code, a code before a colon, or a label.

    Parameters
    ----------
    dimension : str
        In lower case.
    texts : collection of str
        All distinct texts of its column. They are judged together: if each looks like a code, all are codes, even those
        that no code list has.
    labels : mapping
        The codes of labels of this dimension, from `workbench.declarations.labels.read_labels`.

    Returns
    -------
    callable
        From a text to its code; it raises UnknownCode for a label or dimension that no code list has, and MalformedFile
        for an empty cell.
    """
    if all(map(_CODE.fullmatch, texts)):
        return lambda text: labels.get(text, _of_length(text, dimension))
    if all(map(_CODE_AND_LABEL.fullmatch, texts)):
        return lambda text: _of_length(text.partition(":")[0], dimension)
    return _CodesOfLabels(dimension, labels)


def hold_labels_only(texts: Collection[str]) -> bool:
    """Whether the distinct texts of a column are labels without codes."""
    return not all(_CODE.fullmatch(text) or _CODE_AND_LABEL.fullmatch(text) for text in texts)


def _of_length(code: str, dimension: str, longest: int = LONGEST_CODE) -> str:
    if len(code) <= longest:
        return code
    raise MalformedFile(
        f"this cell is too long for a code or label of {dimension}",
        expected=f"at most {longest} characters",
        found=f"{code[:40]!r}… ({len(code):,} characters)",
    )


class _CodesOfLabels:
    """The codes of labels of a dimension. The nearest known labels are looked for only for the first unknown ones."""

    def __init__(self, dimension: str, labels: Mapping[str, str]):
        self._dimension, self._labels = dimension, labels
        self._unknown = 0
        self._no_list: UnknownCode | None = None
        self._known: CodeList | None = None
        try:
            self._known = code_list(dimension)
        except UnknownCode as error:
            self._no_list = error

    def __call__(self, text: str) -> str:
        if not text.strip():
            raise MalformedFile("this cell is empty", expected=f"a code or label of {self._dimension}", found="nothing")
        if said := self._labels.get(plain(_of_length(text, self._dimension, LONGEST_LABEL))):
            return said
        if self._known is None:
            raise self._no_list or UnknownCode(f"there is no code list of {self._dimension}")
        # There may be codes among labels: the newest codes of a dataset may have no label yet.
        if code := text if text in self._known.codes else self._known.meaning(text):
            return code
        self._unknown += 1
        if self._unknown <= _COMPARED:
            return self._known.code_of_label(text)
        if self._unknown > _MOST_UNKNOWN:
            raise MalformedFile(
                f"thousands of labels of {self._dimension} are in no code list",
                expected=f"labels as the provider writes them in English, or at most {_MOST_UNKNOWN:,} others",
                found=repr(text),
                hint="take a file with codes, or with labels in English",
            )
        raise UnknownCode(f"{text!r} is not a label of {self._dimension}", expected="a label of the code list")


def period(text: str) -> str:
    """A year, quarter or month as Eurostat writes it now; ``2023Q4`` and ``2023M11`` are older forms.

    Raises
    ------
    MalformedFile
        If it is none of them.
    """
    found = _PERIOD.fullmatch(text)
    if not found:
        raise MalformedFile(
            f"{text[:40]!r} is not a period",
            expected="a year, quarter or month from 1800 to 2199, such as 2023, 2023-Q4, 2023-11",
            found=repr(text[:40]),
            hint="download yearly, quarterly or monthly data",
        )
    return "-".join(filter(None, found.groups()))


def frequency(code: str) -> str:
    """The letter by which the code list of ``freq`` calls the periods of this form: A for 2023, Q for 2023-Q4, M for 2023-11."""
    return "Q" if "Q" in code else "M" if "-" in code else "A"


def number(text: str) -> float:
    """A number; NaN for an empty cell or a colon, which both mean that there is none.

    Raises
    ------
    MalformedFile
        If it is neither.
    """
    if text in _NO_VALUE:
        return math.nan
    value = float(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else math.inf
    shown = repr(text[:_LONGEST_NUMBER])
    if math.isinf(value):
        raise MalformedFile(
            f"{shown} is not a number",
            expected="a number, or an empty cell",
            found=shown,
            hint=_FROM_SPREADSHEET if _FAILED.fullmatch(text) else None,
        )
    if abs(value) > LARGEST:
        raise MalformedFile(f"{shown} is not a figure", expected=f"a number of at most {LARGEST:g}", found=shown)
    return value


def grouped_number(text: str) -> float:
    """A number as files with labels, made for reading, may write it: ``1,234``, or ``1 234`` with any kind of space."""
    text = text.strip()
    return number(_BETWEEN_GROUPS.sub("", text) if _GROUPED.fullmatch(text) else text)


def dataset_of(text: str) -> str:
    """The code in ``ESTAT:MIGR_EIPRE$DEFAULTVIEW(1.0)``, in lower case."""
    return _reference(text)[1].lower()


def agency_of(text: str) -> str:
    """The agency in ``ESTAT:MIGR_EIPRE$DEFAULTVIEW(1.0)``, empty where there is none."""
    return _reference(text)[0]


def _reference(text: str) -> tuple[str, str]:
    found = _DATAFLOW.fullmatch(text) if len(text) <= _LONGEST_REFERENCE else None
    agency, flow = (found["agency"] or "", found["flow"] or found["alone"]) if found else ("", "")
    if text and not (found and FLOW.allow(flow) and MAINTAINER.allow(agency or "any")):
        raise MalformedFile(
            f"{text[:80]!r} does not name a dataset",
            expected="a dataset such as ESTAT:MIGR_EIPRE(1.0)",
            found=text[:80],
        )
    return agency, flow


def last_update(text: str) -> str:
    """A cell of LAST UPDATE: a day, with the time of the day or without, as the provider writes it."""
    if text and not _MOMENT.fullmatch(text):
        raise MalformedFile(
            f"{text[:40]!r} is not a day", expected="a day such as 27/03/25 23:00:00, or nothing", found=text[:40]
        )
    return text


def unit_multiplier(text: str) -> str:
    """A cell of UNIT_MULT: the power of ten by which values are multiplied, which must be the zeroth.

    Raises
    ------
    MalformedFile
        If values are in thousands or the like.
    """
    if text.partition(":")[0] not in ("", "0"):
        raise MalformedFile("values are given in a power of ten", expected="UNIT_MULT 0, or none", found=text[:40])
    return ""


def action(text: str) -> str:
    """A cell of ACTION, as SDMX-CSV 2.0 has it: what is to be done with a row, which must be to take it in.

    Raises
    ------
    MalformedFile
        If rows are to be deleted.
    """
    if text.partition(":")[0].strip() not in _ACTIONS:
        raise MalformedFile(
            "this file says what to delete, not what there is",
            expected="ACTION I, A, R or M",
            found=text[:40],
            hint="ask the provider for the data, not for what has changed",
        )
    return ""

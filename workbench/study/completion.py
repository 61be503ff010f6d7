"""What completes a call that is being typed: ``study.results("asyl``, ``study.one(…, citizen="Bel``.

The code before the cursor is not Python yet, so it is read sign by sign: which brackets and which text are open.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.data.observations import codes_present, dimensions_of
from workbench.declarations.codelists import has_code_list
from workbench.study.search import Entry, folded
from workbench.study.study import Study

_CALL = re.compile(r"(\w+)\.(\w+)\s*$")
_KEYWORD = re.compile(r"\s*(\w+)\s*=(?!=)")
_BEGUN = re.compile(r"\s*(\w*)$")
_OPENING, _CLOSING = "([{", ")]}"

_OF_INDICATORS = frozenset(
    {"results", "one", "annex", "series", "over_years", "total", "tried", "newest", "in_year", "in_the_year", "drivers"}
)
_OF_DATASETS = frozenset({"observations", "vintage", "vintages"})
_NAMES_DIMENSION = frozenset({"over", "by"})
_OF_RESULTS = ("geo", "time", "dataset", "vintage")


@dataclass(frozen=True)
class Completion:
    """What could stand in the place of what is typed, and what it means."""

    text: str
    meaning: str


@dataclass
class _Open:
    """A bracket that is not closed, where the argument begins in it that is being typed, and the arguments before that."""

    at: int
    argument: int
    before: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Typed:
    """A call of a method that is being typed.

    Attributes
    ----------
    name, method : str
        ``study`` and ``results``.
    before : list of str
        The arguments that are complete.
    keyword : str
        The name of the argument that is being typed; empty, if it has none.
    begun : str
        What is typed of the word or text at the cursor.
    is_text : bool
        Whether that is in quotes.
    """

    name: str
    method: str
    before: list[str]
    keyword: str
    begun: str
    is_text: bool


def completions(code: str, names: Mapping[str, Any]) -> tuple[str, list[Completion]]:
    """What completes the code of a cell up to the cursor.

    Parameters
    ----------
    code : str
        The cell up to the cursor.
    names : mapping
        What the names of the notebook stand for.

    Returns
    -------
    str, list of Completion
        What they stand in the place of; none, where the code does not call a study.
    """
    typed = _typed(code)
    study = names.get(typed.name) if typed else None
    if typed is None or not isinstance(study, Study):
        return "", []
    found = _values(study, typed) if typed.is_text else _keywords(study, typed)
    begun = folded(typed.begun)
    matching = [entry for entry in found if _begins(entry, typed.begun, begun)]
    return typed.begun, [Completion(entry.name, entry.label) for entry in matching]


def _typed(code: str) -> _Typed | None:
    opened, quote = _open_brackets(code)
    call = next((bracket for bracket in reversed(opened) if code[bracket.at] == "("), None)
    method = _CALL.search(code, 0, call.at) if call else None
    if call is None or method is None:
        return None
    argument = code[call.argument :]
    keyword = _KEYWORD.match(argument)
    if quote is not None:
        return _Typed(method[1], method[2], call.before, keyword[1] if keyword else "", code[quote:], is_text=True)
    begun = _BEGUN.fullmatch(argument)
    return _Typed(method[1], method[2], call.before, "", begun[1], is_text=False) if begun else None


def _open_brackets(code: str) -> tuple[list[_Open], int | None]:
    """The brackets that are open at the end of the code, and where the text begins that is."""
    opened: list[_Open] = []
    at = 0
    while at < len(code):
        sign = code[at]
        if sign in "\"'":
            mark = sign * 3 if code.startswith(sign * 3, at) else sign
            end = _end_of_text(code, at + len(mark), mark)
            if end is None:
                return opened, at + len(mark)
            at = end
            continue
        if sign == "#":
            at = code.find("\n", at)
            if at < 0:
                return [], None
        elif sign in _OPENING:
            opened.append(_Open(at, at + 1))
        elif sign in _CLOSING and opened:
            opened.pop()
        elif sign == "," and opened:
            opened[-1].before.append(code[opened[-1].argument : at])
            opened[-1].argument = at + 1
        at += 1
    return opened, None


def _end_of_text(code: str, at: int, mark: str) -> int | None:
    """The position after a text in quotes that begins here; None if it does not end."""
    while at < len(code):
        if code[at] == "\\":
            at += 2
        elif code.startswith(mark, at):
            return at + len(mark)
        elif code[at] == "\n" and len(mark) == 1:
            return at  # Python would refuse it: what is below is read as code again
        else:
            at += 1
    return None


def _values(study: Study, typed: _Typed) -> Iterator[Entry]:
    """What a text may be that is being typed."""
    match typed.keyword:
        case "" if typed.method in _OF_INDICATORS:
            yield from _indicators(study, typed.begun)
        case "" if typed.method == "codes":
            yield from (_named(dimension) for dimension in _dimensions(study, study.sidecar.datasets))
        case "" if typed.method in _OF_DATASETS:
            yield from (entry for entry in study.datasets if entry.is_read)
        case "dataset":
            yield from (entry for entry in study.datasets if entry.is_read)
        case "vintage":
            yield from (_named(vintage, dataset) for dataset, vintage in study.run.vintages.items())
        case dimension if dimension in _NAMES_DIMENSION:
            yield from (_named(axis) for axis in _dimensions(study, _datasets(study, typed)))
        case dimension if dimension and has_code_list(dimension):
            held = _codes_held(study, typed, dimension)
            yield from (entry for entry in study.codes(dimension) if not held or entry.name in held)


def _indicators(study: Study, begun: str) -> Iterator[Entry]:
    """The indicators; and, once one is typed whole, what its suffixes make of it."""
    yield from study._search.indicators()
    base = next(
        (name for name in sorted(study.indicators.indicators, key=len, reverse=True) if begun.startswith(name)), ""
    )
    if base:
        suffixes = study.indicators.derivations
        yield from (_named(base + suffix, study._wording.indicator(base + suffix)) for suffix in suffixes)


def _keywords(study: Study, typed: _Typed) -> Iterator[Entry]:
    """The names of arguments: those of the method, and the dimensions of what it reads."""
    if typed.method in _OF_INDICATORS | {"observations"}:
        given = {match[1] for argument in typed.before if (match := _KEYWORD.match(argument))}
        names = ("geo", "time") if typed.method == "observations" else _OF_RESULTS
        for name in dict.fromkeys((*names, *_dimensions(study, _datasets(study, typed)))):
            if name not in given:
                yield _named(f"{name}=", "dimension")


def _datasets(study: Study, typed: _Typed) -> Iterable[str]:
    """The datasets that a call reads, by its first argument; of the study all, where that is not typed yet."""
    named = typed.before[0].strip().strip("\"'") if typed.before else ""
    if typed.method in _OF_DATASETS and named in study.sidecar.datasets:
        return [named]
    if typed.method in _OF_INDICATORS and named in study.indicators.indicators:
        return [dataset for dataset in study.indicators.datasets(named) if dataset in study.sidecar.datasets]
    return study.sidecar.datasets


def _dimensions(study: Study, datasets: Iterable[str]) -> list[str]:
    found = (dimensions_of(*opened) for opened in map(study._opened_of_run, datasets) if opened)
    return list(dict.fromkeys(axis for axes in found for axis in axes if axis != "freq"))


def _codes_held(study: Study, typed: _Typed, dimension: str) -> set[str]:
    """The codes of a dimension that the vintages hold that a call reads; empty, where none has the dimension."""
    opened = [pair for pair in map(study._opened_of_run, _datasets(study, typed)) if pair]
    return {code for pair in opened if dimension in dimensions_of(*pair) for code in codes_present(*pair, dimension)}


def _named(name: str, meaning: str = "") -> Entry:
    return Entry("", name, {"": meaning or name})


def _begins(entry: Entry, typed: str, begun: str) -> bool:
    """Whether a name begins with what is typed, or a word of a label or of the name does."""
    if entry.name.startswith(typed):
        return True
    return bool(begun) and any(f" {begun}" in f" {folded(label)}" for label in (entry.name, *entry.labels.values()))

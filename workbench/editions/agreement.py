"""Whether what an archive holds agrees with itself: its pages, results, executed notebooks and snapshots say the same.

Whoever alters a number in one of them, and all digests with it, is found by the others. What another version of the workbench
recorded or declared in a form that this one does not read cannot be compared, and is told.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.archiving.bag import PAYLOAD
from workbench.archiving.damage import damaged
from workbench.archiving.members import Members
from workbench.archiving.reading import readable, understood
from workbench.editions.archived_cells import ArchivedCells, archived_cells
from workbench.model.closeness import are_close, say_the_same
from workbench.model.encoding import result_of
from workbench.model.errors import DamagedArchive
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE
from workbench.model.results_csv import read_results_csv, results_csv, says_made_up
from workbench.model.types import NO_VINTAGE, Result
from workbench.page.number_check import page_document
from workbench.page.numbers import ShownNumber, shown_numbers
from workbench.page.read_back import is_interval, is_told

_FILE = re.compile(
    r"studies/(?P<country>[^/]+)/(?P<study>[^/.]+)\."
    r"((?P<results>results\.csv)|(?P<notebook>ipynb)|(method\.)?(?P<language>[a-z]{2,3})\.html)"
)
_SNAPSHOT = re.compile(r"snapshots/[^/]+/(?P<dataset>[^/]+)/(?P<vintage>[^/]+)\.(parquet|csv\.gz)")

_CLOSE = 1e-9
"""Files of results keep ten digits."""


@dataclass(frozen=True)
class Agreement:
    """What was compared, and agrees.

    Attributes
    ----------
    results : int
        The numbers in the files of results.
    recorded : int
        Those of them that an executed notebook records.
    shown, pages : int
        The numbers on pages, and the pages.
    observed : int
        The numbers that are cells of a snapshot as it was published.
    not_compared : tuple of str
        What could not be compared, and why.
    """

    results: int
    recorded: int
    shown: int
    pages: int
    observed: int
    not_compared: tuple[str, ...]


@dataclass
class _Study:
    """The files of a run, by their paths in the payload."""

    results: str = ""
    notebook: str = ""
    pages: dict[str, str] = field(default_factory=dict)


Key = tuple[str, ...]
"""What identifies a result."""


def check_agreement(members: Members, payload: Mapping[str, str]) -> Agreement:
    """Check that the files of an archive, which are those that were sealed, agree with each other.

    Parameters
    ----------
    members : Members
        The archive.
    payload : mapping
        Path to sha256 of each file in its payload.

    Raises
    ------
    DamagedArchive
        For the first that does not, or that cannot be read.
    """
    snapshots = {(found["dataset"], found["vintage"]): path for path in payload if (found := _SNAPSHOT.fullmatch(path))}
    all_results: list[tuple[str, Result]] = []
    recorded, shown, pages, not_compared = 0, 0, 0, []
    for study in _studies(members, payload):
        member = PAYLOAD + study.results
        results = readable(members, member, "results as CSV", _results)
        by_key: dict[Key, Result] = {result.key: result for result in results}
        _check_vintages(members, member, results, snapshots)
        if study.notebook and _is_recorded(members, study, results, by_key, snapshots, payload):
            recorded += len(results)
        else:
            not_compared.append(f"{study.results}: another version recorded it")
        for page, language in study.pages.items():
            shown += _check_page(members, PAYLOAD + page, language, by_key)
            pages += 1
        all_results += ((member, result) for result in results)
    with archived_cells(members, payload) as cells:
        observed = _check_cells(members, cells, all_results)
        not_compared += sorted(cells.not_compared)
    return Agreement(len(all_results), recorded, shown, pages, observed, tuple(not_compared))


def _studies(members: Members, payload: Iterable[str]) -> Iterator[_Study]:
    """The runs that have a file of results; a page without one is refused."""
    studies: dict[tuple[str, str], _Study] = defaultdict(_Study)
    for path in sorted(payload):
        if found := _FILE.fullmatch(path):
            study = studies[found["country"], found["study"]]
            if found["language"]:
                study.pages[path] = found["language"]
            elif found["notebook"]:
                study.notebook = path
            else:
                study.results = path
    for (country, name), study in studies.items():
        if not study.results:
            path = f"{PAYLOAD}studies/{country}/{name}.results.csv"
            raise damaged(
                members.archive, "a study has no results", path, "the results behind its pages", "no such file"
            )
        yield study


def _results(text: str) -> list[Result]:
    results = read_results_csv(text)
    if results_csv(results, says_made_up(text)) != text:
        raise ValueError("it is not written as a study writes its results")
    if len({result.key for result in results}) < len(results):
        raise ValueError("a number is there twice")
    return results


def _check_vintages(
    members: Members, member: str, results: Iterable[Result], snapshots: Iterable[tuple[str, str]]
) -> None:
    """Check that the snapshots behind each result are in the archive."""
    with understood(members, member, "dataset and vintage of each number"):
        sources = _sources(results)
    for source in sorted(sources - {*snapshots}):
        expected = f"the snapshot {' '.join(source)}"
        raise damaged(
            members.archive, "a result is of a snapshot that is not there", member, expected, "no such snapshot"
        )


def _sources(results: Iterable[Result]) -> set[tuple[str, str]]:
    return {source for result in results for source in result.sources if source[1] != NO_VINTAGE}


# Executed notebooks


def _is_recorded(
    members: Members,
    study: _Study,
    results: Sequence[Result],
    by_key: Mapping[Key, Result],
    snapshots: Mapping[tuple[str, str], str],
    payload: Mapping[str, str],
) -> bool:
    """Compare what an executed notebook records with the results; False where it has no record that this version reads."""
    member = PAYLOAD + study.notebook
    record, blocks = readable(members, member, "an executed notebook with its record", _recorded)
    if record is None:
        return False
    with understood(members, member, "the record of a run, and the results of its blocks"):
        made, sources = _published(record)
        shown = _rows(blocks)
    if [one.key for one in made] != [one.key for one in results]:
        raise _differing(members, member, "other results", f"the {len(results)} of {study.results}", f"{len(made)}")
    for one in made:
        _compare(members, member, one, by_key[one.key], study.results)
    for one in shown:
        if one.key in by_key:
            _compare(members, member, one, by_key[one.key], study.results)
    for source, digest in sources.items():
        path = snapshots.get(source, "")
        if payload.get(path) != digest:
            found = f"sha256 {payload.get(path, 'of nothing')}"
            raise _differing(members, member, "another snapshot", f"{' '.join(source)}, sha256 {digest}", found)
    return True


def _recorded(text: str) -> tuple[Any, list[Any]]:
    """The record in a notebook, None if it has none of this form; and the descriptions of its blocks."""
    data = [output.get("data", {}) for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
    records = [one[RECORD_TYPE] for one in data if RECORD_TYPE in one]
    return (records[-1] if records else None), [one[BLOCK_TYPE] for one in data if BLOCK_TYPE in one]


def _published(record: Mapping[str, Any]) -> tuple[list[Result], dict[tuple[str, str], str]]:
    """The results of a record, and the digest of each snapshot that was read; nothing else of it need be known."""
    rows, described = [result_of(row) for row in record["results"]], record["described"]
    sources = {(one["dataset"], one["vintage"]): one["sha256"] for one in described["sources"]}
    return [rows[one["result"]] for one in described["results"]], sources


def _rows(blocks: Iterable[Mapping[str, Any]]) -> list[Result]:
    return [result_of(row) for block in blocks for row in block["results"]]


def _compare(members: Members, member: str, recorded: Result, result: Result, where: str) -> None:
    if not say_the_same(recorded, result, _CLOSE):
        expected, found = (f"{_named(one)} = {_valued(one)}" for one in (result, recorded))
        raise _differing(members, member, "another number", f"{expected}, as in {where}", found)


# Pages


def _check_page(members: Members, member: str, language: str, by_key: Mapping[Key, Result]) -> int:
    """Check that each number on a page is a result with that value; return how many there are."""
    results = {"|".join(key): result for key, result in by_key.items()}
    with understood(members, member, "a page with its numbers"):
        numbers = list(shown_numbers(page_document(members.read(member).decode("utf-8"))))
        told = [shown.key in results and _is_told(shown, results[shown.key], language) for shown in numbers]
    for shown, is_right in zip(numbers, told):
        if is_right:
            continue
        found = repr(" ".join(filter(None, (shown.text, shown.digits, shown.interval))))
        if shown.key not in results:
            expected = "one of the results beside it"
            raise _differing(members, member, "a number that no result backs", expected, f"{found} for {shown.key}")
        expected = f"{_named(results[shown.key])} = {_valued(results[shown.key])}"
        raise _differing(members, member, "another number than its result", expected, found)
    return len(numbers)


def _is_told(shown: ShownNumber, result: Result, language: str) -> bool:
    return (
        is_told(shown.text, result, language, shown.in_sentence)
        and (not shown.digits or is_told(shown.digits, result, language, in_sentence=False))
        and (not shown.interval or is_interval(shown.interval, result, language))
    )


# Snapshots


def _check_cells(members: Members, cells: ArchivedCells, results: Iterable[tuple[str, Result]]) -> int:
    """Check that each result that is an observation is the snapshot's; return how many are."""
    observed = 0
    for member, result in results:
        found = cells.of(result)
        if found is None:
            continue
        observed += 1
        if not are_close(found, result.value, _CLOSE):
            expected = f"{_named(result)} = {found:.10g}, as in the snapshot"
            raise _differing(members, member, "another number than its snapshot", expected, f"{result.value:.10g}")
    return observed


def _differing(members: Members, member: str, what: str, expected: str, found: str) -> DamagedArchive:
    return damaged(members.archive, f"a file has {what}", member, expected, found)


def _named(result: Result) -> str:
    return " ".join(filter(None, result.key))


def _valued(result: Result) -> str:
    bounds = "" if result.low == result.high else f" ({result.low:.10g} to {result.high:.10g})"
    return f"{result.value:.10g}{bounds} {result.unit} {result.flags}".rstrip()

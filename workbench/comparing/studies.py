"""A study on both sides: which of its numbers differ, which runs take them apart, and what these say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.comparing.changes import (
    NEW_ON_NEW,
    NEW_ON_OLD,
    OLD_ON_NEW,
    Corner,
    NumberChange,
    StudyChanges,
    YearOnYear,
)
from workbench.comparing.crossing import CrossedRuns
from workbench.comparing.inputs import data_changes, method_changes
from workbench.comparing.numbers import Key, Pair, matched, same_numbers
from workbench.comparing.parts import METHOD, PERIOD, Corners, Parts, parts
from workbench.comparing.side import SealedStudy, Side, StudyKey
from workbench.comparing.texts import FigureChange, PageText, TextChange, figure_changes, page_text, text_changes
from workbench.model.closeness import are_close
from workbench.model.periods import year_of
from workbench.model.types import Result
from workbench.reproducing.differences import TOLERANCE

Runs = Mapping[Corner, CrossedRuns]


@dataclass(frozen=True)
class StudyPair:
    """A study that both sides have.

    Attributes
    ----------
    before, after : SealedStudy
        On both sides.
    method, data : list of str
        What its numbers depend on, and differs.
    """

    before: SealedStudy
    after: SealedStudy
    method: list[str]
    data: list[str]

    @classmethod
    def of(cls, before: Side, after: Side, key: StudyKey) -> "StudyPair":
        """The study of two sides."""
        study, _ = key
        return cls(
            before.studies[key],
            after.studies[key],
            method_changes(before, after, study),
            data_changes(before, after, study),
        )

    @cached_property
    def pairs(self) -> list[Pair]:
        """Its numbers, those that differ and those that do not."""
        return matched(self.before.results, self.after.results)

    @property
    def is_of_another_year(self) -> bool:
        """Whether its reference year is another."""
        return self.before.year != self.after.year

    @property
    def runs(self) -> set[Corner]:
        """The crossed runs that take its differences apart: none where one thing alone changed, or no number differs."""
        if not any(not pair.is_same and not self._is_of_new_period(pair) for pair in self.pairs):
            return set()
        return {self._as_run(corner) for corner in (OLD_ON_NEW, NEW_ON_OLD, NEW_ON_NEW)} - self._published

    @property
    def _published(self) -> set[Corner]:
        """What need not be run: as it was and, of the same year, as it is."""
        return {(False, False)} | (set() if self.is_of_another_year else {self._as_run(NEW_ON_NEW)})

    def _as_run(self, corner: Corner) -> Corner:
        """The run that gives a corner: where nothing of the method or the data changed, the old one does."""
        return corner[0] and bool(self.method), corner[1] and bool(self.data)

    def _is_of_new_period(self, pair: Pair) -> bool:
        return self.is_of_another_year and pair.before is None and year_of(pair.any.time) > self.before.year

    def changes(self, runs: Runs) -> StudyChanges:
        """What became of it."""
        wanted = sorted(self.runs)
        made = {
            corner: _Numbers(self.before.results, self.after.results, results)
            for corner in wanted
            if (results := runs[corner].results.get(self.before.key)) is not None
        }
        headlines = {one.key[:4] for study in (self.before, self.after) for one in _stated(study)}
        return StudyChanges(
            self.before,
            self.after,
            self.method,
            self.data,
            numbers=[self._change(pair, made, headlines) for pair in self.pairs if not pair.is_same],
            same=sum(pair.is_same for pair in self.pairs),
            years=list(self._years(self._of_old_year(made))) if self.is_of_another_year else [],
            **_page_changes(self.before, self.after),
            failures=[(corner, runs[corner].failures[self.before.key]) for corner in wanted if corner not in made],
        )

    def _change(self, pair: Pair, made: "Mapping[Corner, _Numbers]", headlines: Collection[Key]) -> NumberChange:
        is_headline = pair.any.key[:4] in headlines
        if self._is_of_new_period(pair):
            return NumberChange(pair, None, (PERIOD,), is_headline)
        corners = self._corners(pair, made)
        if corners is None:
            return NumberChange(pair, None, (), is_headline)
        found = _parts_of_value(corners)
        became = parts(corners.map(lambda one: float(Pair(one.number, pair.after).is_same or one.number == pair.after)))
        known = found or became
        if known is None:
            return NumberChange(pair, None, (), is_headline)
        return NumberChange(pair, found, known.causes, is_headline, known.orders)

    def _corners(self, pair: Pair, made: "Mapping[Corner, _Numbers]") -> "Corners[_Told] | None":
        """What the number is by each method on each data; None where nothing changed, or a run is missing that is needed."""
        if not (self.method or self.data or self.is_of_another_year):
            return None

        def at(corner: Corner) -> _Told | None:
            run = self._as_run(corner)
            if run == (False, False):
                return _Told(pair.before)
            if run in self._published:
                return _Told(pair.after)
            return _Told(made[run].of(pair)) if run in made else None

        new = at(NEW_ON_NEW)
        if new is None:
            return None
        return Corners(_Told(pair.before), at(OLD_ON_NEW), at(NEW_ON_OLD), new, _Told(pair.after))

    def _of_old_year(self, made: "Mapping[Corner, _Numbers]") -> dict[Key, Result]:
        """What the new method says of the old year on the new data."""
        run = self._as_run(NEW_ON_NEW)
        if run == (False, False):
            return _by_fact(self.before.results)
        return made[run].by_fact if run in made else {}

    def _years(self, of_old_year: Mapping[Key, Result]) -> Iterator[YearOnYear]:
        """The headlines of the new year, each once."""
        gap = self.after.year - self.before.year
        told, now = _by_fact(self.before.results), {**of_old_year, **_by_fact(self.after.results)}
        seen: set[Key] = set()
        for finding in self.after.record.findings if self.after.record else ():
            headline = next(iter(finding.results), None)
            if not headline or year_of(headline.time) != self.after.year or headline.key[:4] in seen:
                continue
            seen.add(headline.key[:4])
            time = f"{year_of(headline.time) - gap}{headline.time[4:]}"
            fact = (*headline.key[:3], time)
            yield YearOnYear(headline, now.get(fact), told.get(fact))


@dataclass(frozen=True)
class _Told:
    """What a run tells of a number: a result, or nothing."""

    number: Result | None

    @property
    def value(self) -> float | None:
        return self.number.value if self.number and self.number.is_available else None


class _Numbers:
    """The numbers of a crossed run, matched with those of both sides."""

    def __init__(self, before: Sequence[Result], after: Sequence[Result], crossed: Sequence[Result]):
        self._before, self._after = same_numbers(before, crossed), same_numbers(after, crossed)
        self.by_fact = _by_fact(crossed)

    def of(self, pair: Pair) -> Result | None:
        """What the run says of a number."""
        if pair.before:
            return self._before.get(pair.before.key)
        assert pair.after
        return self._after.get(pair.after.key)


def _by_fact(results: Iterable[Result]) -> dict[Key, Result]:
    """Numbers by indicator, place, breakdown and period; of several vintages the newest, for they are in order."""
    return {one.key[:4]: one for one in results}


def _parts_of_value(corners: Corners[_Told]) -> Parts | None:
    """What the difference of two values consists of; None where there is none, or the runs do not tell."""
    values = corners.map(lambda one: one.value)
    before, new, after = values.before, values.new, values.after
    if before is None or new is None or after is None or are_close(before, after, TOLERANCE):
        return None
    return parts(Corners(before, values.old_on_new, values.new_on_old, new, after))


def _stated(study: SealedStudy) -> list[Result]:
    """The numbers that its key findings state."""
    return [one for finding in study.record.findings for one in finding.results] if study.record else []


def _page_changes(before: SealedStudy, after: SealedStudy) -> dict[str, dict[str, list]]:
    """What differs on the pages, in each language that both have."""
    texts: dict[str, list[TextChange]] = {}
    figures: dict[str, list[FigureChange]] = {}
    for language in (one for one in after.languages if one in before.languages):
        old, new = (_said(study, language) for study in (before, after))
        texts[language] = list(text_changes(old.paragraphs, new.paragraphs))
        figures[language] = list(figure_changes(old, new))
    return {"texts": texts, "figures": figures}


def _said(study: SealedStudy, language: str) -> PageText:
    pages = [page_text(page) for page in study.pages(language)]
    return PageText(
        [one for page in pages for one in page.paragraphs],
        {name: one for page in pages for name, one in page.figures.items()},
    )


def on_one_side(before: SealedStudy | None, after: SealedStudy | None) -> StudyChanges:
    """A study that one side alone has: the edition holds another set of them."""
    pairs = matched(before.results if before else (), after.results if after else ())
    stated = {one.key for study in (before, after) if study for one in _stated(study)}
    numbers = [NumberChange(pair, None, (METHOD,), pair.any.key in stated) for pair in pairs]
    return StudyChanges(before, after, numbers=numbers)

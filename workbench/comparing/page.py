"""The page of a comparison in a language: what matters most, study by study, what was changed, and how it was compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workbench.comparing.changes import RUNS, Corner, StudyChanges, YearOnYear
from workbench.comparing.comparison import Comparison
from workbench.comparing.crossing import NO_CODE, NOT_THERE
from workbench.comparing.inputs import ADDED, CHANGED, CODE_FILE, DECLARATION, NOTEBOOK, PACKAGE, REMOVED, SNAPSHOT
from workbench.comparing.parts import DATA, METHOD, PERIOD
from workbench.comparing.ranking import (
    BEYOND,
    GAINED,
    GONE,
    LOST,
    MARKED,
    NEW,
    OF_NEW_PERIOD,
    OF_OLD_PERIOD,
    TURNED,
    UNSEEN,
    WITHIN,
    Ranked,
    ranked,
)  # fmt: skip
from workbench.comparing.shown_numbers import NumbersInWords
from workbench.comparing.side import SealedStudy, Side
from workbench.comparing.texts import CAPTION, DEFINITION, FINDING, HEADING, NOTE, REDRAWN, TEXT, FigureChange
from workbench.comparing.texts import GONE as TEXT_GONE
from workbench.comparing.texts import NEW as TEXT_NEW
from workbench.model.paths import Project
from workbench.model.types import message
from workbench.page.html import shared_style
from workbench.page.whole_page import templates_in, whole_page
from workbench.presentation.wording import Wording, index_name, languages, other_languages

_TEMPLATES = Path(__file__).parent / "templates"

_MOST_IMPORTANT, _MOST_NUMBERS, _MOST_TEXTS, _MOST_INPUTS = 20, 60, 60, 100
"""How many rows the page shows; the files beside it have all."""
_MOST_LINES = 3

_CAUSES = {
    DATA: message("data revised"),
    METHOD: message("method changed"),
    PERIOD: message("new period"),
}
_KINDS = {
    LOST: message("value lost"),
    GAINED: message("value gained"),
    TURNED: message("sign changed"),
    BEYOND: message("changed by more than rounding or chance explains"),
    WITHIN: message("changed within what rounding or chance leaves open"),
    NEW: message("newly published"),
    GONE: message("no longer published"),
    MARKED: message("same value, other flags, bounds or unit"),
    UNSEEN: message("changed in digits that no page shows"),
    OF_NEW_PERIOD: message("of the new period"),
    OF_OLD_PERIOD: message("shown of the old period alone"),
}
_KINDS_OF_TEXT = {
    FINDING: message("Key finding"),
    DEFINITION: message("Definition"),
    NOTE: message("Note"),
    HEADING: message("Heading"),
    CAPTION: message("Caption"),
    TEXT: message("Text"),
}
_FIGURES = {REDRAWN: message("drawn again"), TEXT_NEW: message("a new figure"), TEXT_GONE: message("no longer there")}
_STATES = {ADDED: message("added"), REMOVED: message("removed"), CHANGED: message("changed")}
_INPUTS = {
    SNAPSHOT: message("Snapshots of data"),
    DECLARATION: message("Parameters and declarations"),
    NOTEBOOK: message("Notebooks, cell by cell"),
    PACKAGE: message("Packages of the environment"),
    CODE_FILE: message("Code of the workbench"),
}


def page_html(project: Project, found: Comparison, language: str) -> str:
    """The page in a language: whole in itself, it loads nothing."""
    numbers = NumbersInWords(project, found, language)
    wording, style = numbers.wording, shared_style() + (_TEMPLATES / "comparison.css").read_text(encoding="utf-8")
    all_ranked = ranked(found.studies)
    series = _series(all_ranked)
    return whole_page(
        templates_in(_TEMPLATES),
        "comparison.html.j2",
        wording,
        style,
        number=wording.number,
        others=other_languages(language, languages(), index_name),
        before=_side(found.before, wording),
        after=_side(found.after, wording),
        found=found,
        corrections=[(day, *_told(said, language)) for day, said in found.corrections],
        total=_total(found, wording),
        important=[_row(one[0], numbers) | {"more": len(one) - 1} for one in series[:_MOST_IMPORTANT]],
        flags=_flags([one[0] for one in series[:_MOST_IMPORTANT]], numbers),
        many=len(series),
        has_period=any(one.change.parts and one.change.parts.period for one in all_ranked),
        years=[_year(one, numbers) for one in _years(found)],
        studies=[_study(one, numbers, wording) for one in found.studies if not one.is_same],
        unchanged=[_title(one.either, wording) for one in found.studies if one.is_same],
        inputs=list(_inputs(found, wording)),
        packages=found.packages,
        not_taken_apart=any(not one.change.causes for one in all_ranked),
    )  # fmt: skip


def _side(side: Side, wording: Wording) -> str:
    if side.archive:
        return side.archive
    return wording.text("{edition} in the working tree").format(edition=side.edition)


def _told(said: Mapping[str, str], language: str) -> tuple[str, str]:
    """A text in a language, or in one that it has; and which that is."""
    known = language if language in said else next(iter(said), language)
    return said.get(known, ""), known


def _total(found: Comparison, wording: Wording) -> dict[str, Any]:
    """How many numbers differ, and what changed them; a number that several studies show counts in each."""
    numbers = [one for study in found.studies for one in study.numbers]
    on_both = [one for one in numbers if one.pair.before and one.pair.after]
    causes = Counter(_cause(one.causes, wording) for one in numbers)
    return {
        "same": sum(one.same for one in found.studies),
        "differing": len(on_both),
        "new": sum(one.pair.before is None for one in numbers),
        "gone": sum(one.pair.after is None for one in numbers),
        "causes": causes.most_common(),
    }


def _cause(causes: Iterable[str], wording: Wording) -> str:
    said = [wording.text(_CAUSES[one]) for one in causes]
    return " + ".join(said) or wording.text("not taken apart")


def _series(important: Iterable[Ranked]) -> list[list[Ranked]]:
    """The numbers of each series, what matters most first: of months that all changed alike, a reader needs one."""
    found: dict[tuple[str, ...], list[Ranked]] = {}
    for one in important:
        found.setdefault(one.change.pair.any.key[:3], []).append(one)
    return list(found.values())


def _row(one: Ranked, numbers: NumbersInWords) -> dict[str, Any]:
    change, wording = one.change, numbers.wording
    return {
        **numbers.row(change),
        "kind": wording.text(_KINDS[one.kind]),
        "cause": _cause(change.causes, wording),
        "data": one.data if DATA in change.causes and not (change.pair.before and change.pair.after) else (),
        "is_headline": change.is_headline,
        "studies": list(dict.fromkeys(_title(study, wording) for study in one.studies)),
    }


def _flags(rows: Iterable[Ranked], numbers: NumbersInWords) -> Markup:
    return Markup(numbers.flags(one.change for one in rows))


def _years(found: Comparison) -> Iterable[YearOnYear]:
    """The headlines of new years; one that several studies have, once."""
    once: dict[tuple[str, ...], YearOnYear] = {}
    for study in found.studies:
        for one in study.years:
            once.setdefault(one.now.key[:4], one)
    return once.values()


def _year(one: YearOnYear, numbers: NumbersInWords) -> dict[str, Any]:
    wording = numbers.wording
    revised = {
        None: wording.text("was not published then"),
        True: wording.text("revised"),
        False: wording.text("not revised"),
    }
    return {
        "name": numbers.name(one.now),
        "now": numbers.value(one.now, is_new=True),
        "year_before": one.year_before and numbers.value(one.year_before, is_new=True),
        "told_then": one.told_then and numbers.value(one.told_then, is_new=False),
        "revised": revised[one.is_revised],
    }  # fmt: skip


def _title(study: SealedStudy, wording: Wording) -> str:
    return f"{wording.text(study.record.title) if study.record else study.study}: {wording.label('geo', study.country)}"


def _study(study: StudyChanges, numbers: NumbersInWords, wording: Wording) -> dict[str, Any]:
    rows = ranked([study])
    language = wording.language if wording.language in study.texts else next(iter(study.texts), wording.language)
    texts = study.texts.get(language, [])
    return {
        "title": _title(study.either, wording),
        "is_new": study.before is None,
        "is_gone": study.after is None,
        "same": study.same,
        "method": study.method,
        "data": study.data,
        "not_run": [_not_run(corner, reason, wording) for corner, reason in study.failures],
        "numbers": [_row(one, numbers) for one in rows[:_MOST_NUMBERS]],
        "flags": _flags(rows[:_MOST_NUMBERS], numbers),
        "more_numbers": max(0, len(rows) - _MOST_NUMBERS),
        "kinds": [(wording.text(_KINDS[kind]), many) for kind, many in Counter(one.kind for one in rows).most_common()],
        "language": language,
        "texts": [(wording.text(_KINDS_OF_TEXT[one.kind]), one.words) for one in texts[:_MOST_TEXTS]],
        "more_texts": max(0, len(texts) - _MOST_TEXTS),
        "figures": _figures(study.figures.get(language, []), wording),
    }


def _not_run(corner: Corner, reason: str, wording: Wording) -> dict[str, str]:
    """A crossed run that was not made, and why: what a program said, it said in English."""
    said = wording.text(reason) if reason in (NO_CODE, NOT_THERE) else ""
    return {
        "run": wording.text(RUNS[corner]),
        "because": said,
        "said": "" if said else " ".join(reason.splitlines()[:_MOST_LINES]),
    }


def _figures(figures: Iterable[FigureChange], wording: Wording) -> list[tuple[str, str]]:
    return [(one.title, wording.text(_FIGURES[one.state])) for one in figures]


def _inputs(found: Comparison, wording: Wording) -> Iterator[dict[str, Any]]:
    for kind, title in _INPUTS.items():
        changes = [one for one in found.inputs if one.kind == kind]
        if changes:
            counted = Counter(wording.text(_STATES[one.state]) for one in changes)
            yield {
                "title": wording.text(title),
                "counts": ", ".join(f"{state}: {many}" for state, many in counted.items()),
                "changes": [(one.name, wording.text(_STATES[one.state]), one.lines) for one in changes[:_MOST_INPUTS]],
                "more": max(0, len(changes) - _MOST_INPUTS),
            }

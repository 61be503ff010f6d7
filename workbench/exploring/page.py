"""An answer as a page: the figure with its table and downloads, and all that must be known of the numbers."""

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from workbench.data.cited import comparability_notes, source_of
from workbench.exploring.cell import cell_of
from workbench.exploring.charts import chart_of
from workbench.exploring.missing import Missing
from workbench.exploring.shape import Shape
from workbench.exploring.words import missing_lines
from workbench.model.periods import year_of
from workbench.model.sentence import Labels, Name, Sentence
from workbench.page.html import figure_script, figure_style, shared_style, study_script
from workbench.page.numbers import compact
from workbench.page.whole_page import templates_in, whole_page
from workbench.presentation.blocks import Block, Gap, SourceLine, Table, Tabular
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.figure import Figure, words_of_figures
from workbench.presentation.notes import comparability, definitions_html, notes_html, sources_html
from workbench.presentation.wording import Wording

_TEMPLATES = Path(__file__).parent / "templates"
_NAME = "answer"
_MAPPED = 10
"""So many places are shown on a map, too."""


def page_html(shape: Shape, missing: Missing, wording: Wording) -> str:
    """A whole page in the language of ``wording``: it loads nothing, and its figure saves its data and drawings."""
    style = shared_style() + figure_style() + (_TEMPLATES / "explore.css").read_text(encoding="utf-8")
    script = study_script() + figure_script()
    answer = shape.answer
    page = whole_page(
        templates_in(_TEMPLATES),
        "explore.html.j2",
        wording,
        style,
        script,
        title=shape.title(wording),
        is_made_up=shape.is_made_up,
        scope=shape.scope(wording),
        exhibit="" if missing.is_all_of(shape.results) else Markup(_exhibit(shape, wording).html(wording)),
        missing=_parted(missing_lines(wording, shape, missing)) if missing.results else None,
        definitions=Markup(definitions_html(wording, [answer.question.indicator])),
        notes=Markup(_notes(shape, wording)),
        sources=Markup(sources_html(wording, [source_of(*read) for read in answer.snapshots])),
        cell=cell_of(answer),
        words_of_figures=Markup(words_of_figures(wording)),
    )  # fmt: skip
    return compact(page, answer.results, wording)


def _exhibit(shape: Shape, wording: Wording) -> Block:
    """A figure with the table behind it; the table alone, where no chart shows it."""
    title = Sentence("{what}", {"what": Labels.of_indicators(shape.answer.question.indicator)})
    subtitle = Sentence("{scope}", {"scope": Name(shape.scope(wording))})
    home, chart = shape.answer.question.geo[0], chart_of(shape)
    no_gap = Gap((), (), False)
    if chart is None:
        return Table(_NAME, 1, shape.results, shape.axis, "time", title, _source_line(shape), "", no_gap)
    return Figure(
        _NAME, 1, chart, title, subtitle, _source_line(shape), no_gap, emphasised=home,
        table=Tabular(shape.results, *chart.table_axes), map=_map(shape),
    )  # fmt: skip


def _map(shape: Shape) -> EuropeMap | None:
    """The places of one period on a map, where there are many."""
    is_by_place = shape.axis == "geo" and len(shape.times) == 1
    return EuropeMap(shape.results) if is_by_place and len(shape.series) >= _MAPPED else None


def _source_line(shape: Shape) -> SourceLine:
    return tuple(
        (declaration.provider, snapshot.id.dataset, snapshot.id.vintage)
        for declaration, snapshot in shape.answer.snapshots
    )


def _notes(shape: Shape, wording: Wording) -> str:
    """What must be known to compare: definitions, rounding, vintages, flags."""
    results = shape.answer.results
    last = max(year_of(time) for time in shape.times)
    notes = comparability_notes(shape.answer.snapshots, shape.answer.question.geo[0], last)
    flagged = [result for result in results if result.flags or not result.is_available]
    return notes_html(comparability(wording, notes, flagged, len(results)))


def _parted(lines: Iterable[str]) -> list[tuple[bool, str]]:
    """Each line, and whether it is a command."""
    return [(line.startswith("workbench "), line) for line in lines]

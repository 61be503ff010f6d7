"""A figure of a page: its caption, the drawing for wide and narrow pages, the table and the map behind it, its source.

Without script it is the drawing, the data to be unfolded, and the map. ``page/templates/figure.js`` makes three tabs of them, reads out
the value at the pointer, and saves and shares what is in the page.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from workbench.model.sentence import Sentence
from workbench.model.types import PROVISIONAL
from workbench.presentation.blocks import (
    Block,
    Exhibit,
    Gap,
    Missing,
    SourceLine,
    Tabular,
    label_html,
    missing_of,
    source_html,
)
from workbench.presentation.charts.chart import Chart, Drawing, alternative
from workbench.presentation.charts.happenings import described_events, in_time
from workbench.presentation.charts.series import by_time, say_breaks
from workbench.presentation.charts.sheet import Mark
from workbench.presentation.charts.time_axis import times_of
from workbench.presentation.data_block import as_json
from workbench.presentation.sentences import Worded, worded
from workbench.presentation.tables import flags_of, footnotes_html, keys_of, layout, meanings_html, table_html
from workbench.presentation.wording import Wording

_TAG = re.compile(r"<[^>]+>")
_FLAG = re.compile(r"\[([a-z])\]")


@dataclass(frozen=True)
class Figure(Block):
    """A figure: caption, drawing with its text alternative, the data behind it, flags and source.

    The data are those that are drawn, or the ``table``, which may hold more; a ``map`` draws the same numbers once more, by
    place. Without any value it has no ``number`` and is not shown; the ``gap`` says what is missing, and how to get it.
    """

    name: str
    number: int
    chart: Chart
    title: Sentence
    subtitle: Sentence
    source: SourceLine
    gap: Gap
    emphasised: str = ""
    table: Tabular | None = None
    map: Chart | None = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.title, self.subtitle)

    @property
    def data(self) -> Tabular:
        """The table behind it."""
        return self.table or Tabular(self.chart.results, *self.chart.table_axes)

    @property
    def _shown(self) -> list[Sentence]:
        """A headline about a number that is not there says nothing: then what is measured is the title."""
        return [self.title, self.subtitle] if self.title.is_complete else [self.subtitle]

    @property
    def exhibit(self) -> Exhibit:
        return Exhibit(
            f"figure-{self.name}",
            "figure",
            self.number,
            self._shown[0],
            self.data.rows,
            self.data.columns,
            self.data.results,
            self.gap.commands,
            self.chart.results if self.chart.shows_whole else (),
            self.subtitle if self.title.is_complete else None,
        )

    def html(self, wording: Wording) -> str:
        identifier, label = self.exhibit.id, self.exhibit.label(wording)
        if not self.number:
            return ""
        captions = [worded(wording, sentence) for sentence in self._shown]
        drawn = drawing_html(wording, identifier, self.chart, self.data, captions)
        # What a letter means is said where a reader sees it: below the drawing, or else with the table.
        seen = set(_FLAG.findall(_TAG.sub("", drawn))) | flags_of(self._shown[0].results)
        panels = {
            "chart": drawn + notes_html(wording, self.chart),
            "table": self._table_html(wording, seen),
            "map": drawing_html(wording, f"{identifier}-map", self.map, self.data) if self.map else "",
        }
        return (
            f'<figure class="chart" id="{identifier}">\n{_caption_html(identifier, label, *captions)}\n'
            f"{panels_html(identifier, panels)}\n{meanings_html(wording, seen)}{footnotes_html(wording, self.data.results)}"
            f"{source_html(wording, self.source)}\n</figure>"
        )

    def gaps(self, wording: Wording) -> tuple[Missing, ...]:
        return missing_of(wording, self.subtitle, self.gap, self.chart.results)

    def _table_html(self, wording: Wording, explained: set[str]) -> str:
        of_figure, behind = escape(wording.text("Data of this figure")), self.data
        table = table_html(wording, behind.results, behind.rows, behind.columns, of_figure, self.emphasised)
        foot = meanings_html(wording, flags_of(behind.results) - explained) + _sources_of_events_html(
            wording, self.chart
        )
        return data_html(wording, table, foot)


def panels_html(identifier: str, panels: Mapping[str, str]) -> str:
    """The views of a figure by their names, ``chart``, ``table``, ``map``: below each other, tabs where there is script."""
    return "\n".join(
        f'<div class="panel" id="{identifier}:{name}" data-panel="{name}">{panel}</div>'
        for name, panel in panels.items()
        if panel
    )


def data_html(wording: Wording, table: str, foot: str = "") -> str:
    """The table behind a figure, to be unfolded."""
    return (
        f'<details class="data"><summary>{escape(wording.text("Data of this figure"))}</summary>\n'
        f'<div class="scroll" tabindex="0">{table}</div>{foot}</details>'
    )


def drawing_html(wording: Wording, name: str, chart: Chart, data: Tabular, captions: Iterable[Worded] = ()) -> str:
    """A chart for wide and narrow pages, as one picture with one text alternative; where its marks are, for the readout.

    Parameters
    ----------
    wording : Wording
        The language.
    name : str
        Unique in the page; ids within the drawings begin with it.
    chart : Chart
        What is drawn.
    data : Tabular
        The table behind it, which is beside it in the page: a mark is told by the place of its number there.
    captions : iterable of Worded
        What the text alternative begins with.
    """
    said = alternative(chart.describe(wording), [caption.plain_headline for caption in captions])
    places = _places(data)
    drawn = "".join(_with_marks(drawing, places) for drawing in chart.drawings(wording, name))
    picks = ' data-picks=""' if chart.compares_countries and data.rows == "geo" else ""
    return (
        f'<div class="drawing" data-along="{chart.along}"{picks}>'
        f'<div class="picture" role="img" aria-label="{escape(said)}">{drawn}</div></div>'
    )


def notes_html(wording: Wording, chart: Chart) -> str:
    """What must be said below a drawing over time: what its numbered lines are, and in which years its series break."""
    happened = "\n".join(
        f"<li><b>{number}</b> {escape(said)}</li>"
        for number, said in enumerate(described_events(wording, times_of(chart.results), chart.events), start=1)
    )
    return (f'<ol class="legend events">{happened}</ol>' if happened else "") + "".join(
        f'<p class="legend">{escape(said)}</p>'
        for said in (*_said_of_breaks(wording, chart), *_said_of_hollow_marks(wording, chart))
    )


def _said_of_breaks(wording: Wording, chart: Chart) -> list[str]:
    said = say_breaks(wording, chart.results) if "time" in chart.table_axes else ""
    return [said] if said else []


def _said_of_hollow_marks(wording: Wording, chart: Chart) -> list[str]:
    if not chart.marks_hollow:
        return []
    there = by_time(chart.results)
    said = {
        wording.text("Hollow: provisional."): any(PROVISIONAL in one.flags for one in there),
        wording.text("Hollow: an estimate of low reliability."): any(not one.is_reliable for one in there),
    }
    return [words for words, is_there in said.items() if is_there]


def _sources_of_events_html(wording: Wording, chart: Chart) -> str:
    """Where it is written what happened: beside the table, where a reader looks who wants to know."""
    links = "; ".join(
        f'{number} <a href="{escape(one.source.url)}" rel="noopener">{escape(wording.text(one.source.title))}</a>'
        for number, one in enumerate(in_time(times_of(chart.results), chart.events), start=1)
    )
    told = wording.text("Sources of the events")
    return f'<p class="legend of-events">{escape(told)}: {links}</p>' if links else ""


def _places(data: Tabular) -> dict[tuple[str, ...], int]:
    """Where in the table each number stands, counted by rows."""
    down, across, cells = layout(data.results, data.rows, data.columns)
    rows, columns = keys_of(down, across, cells)
    return {
        result.key: rows.index(row) * len(columns) + columns.index(column) for (row, column), result in cells.items()
    }


def _with_marks(drawing: Drawing, places: Mapping[tuple[str, ...], int]) -> str:
    """A drawing that says where each number of the table is seen: ``x,y,place;…``."""
    marks = ";".join(_told(mark, places) for mark in drawing.marks if mark.result.key in places)
    return drawing.svg.replace("<svg ", f'<svg data-marks="{marks}" ', 1)


def _told(mark: Mark, places: Mapping[tuple[str, ...], int]) -> str:
    return f"{mark.x:.0f},{mark.y:.0f},{places[mark.result.key]}"


def _caption_html(identifier: str, label: str, headline: Worded, subtitle: Worded | None = None) -> str:
    return (
        f'<figcaption>{label_html(identifier, label)}<span class="headline">{headline.headline}</span>'
        f'<span class="subtitle">{subtitle.html if subtitle else ""}</span></figcaption>'
    )


def words_of_figures(wording: Wording) -> str:
    """What the script of figures says, as an element of a page that holds figures or tables."""
    said = {
        "views": wording.text("Ways to see it"),
        "chart": wording.text("Chart"),
        "table": wording.text("Table"),
        "map": wording.text("Map"),
        "read": wording.text("Read the values with the arrow keys"),
        "highlight": wording.text("Highlight"),
        "none": wording.text("choose a country"),
        "share": wording.text("Share"),
        "link": wording.text("Copy link"),
        "png": wording.text("Picture (PNG)"),
        "svg": wording.text("Drawing (SVG)"),
        "csv": wording.text("Data (CSV)"),
        "embed": wording.text("Copy code to embed"),
        "copied": wording.text("Copied"),
        "study": wording.text("From the study: {title}"),
    }
    return f'<script type="application/json" id="figure-words">{as_json(said)}</script>'

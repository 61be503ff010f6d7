"""A figure or table of a researcher's own as a block: carried over unchanged into every language, its words worded."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.model.sentence import Sentence
from workbench.presentation.blocks import Block, label_html, label_of, legend_of
from workbench.presentation.figure import data_html, panels_html
from workbench.presentation.own.figures import with_alternative
from workbench.presentation.own.tables import OwnCells, own_table_html
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording, with_full_stop

_SAYING_WHAT = ("panel", "series")
"""The columns of what is drawn that say what a number is; see `workbench.presentation.own.data.drawn_data`."""


@dataclass(frozen=True)
class OwnFigure(Block):
    """A drawing that the study was given; ``data`` is what it shows, as CSV."""

    name: str
    number: int
    drawing: str
    data: str
    title: Sentence
    alternative: Sentence

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.title, self.alternative

    def html(self, wording: Wording) -> str:
        identifier, title = f"figure-{self.name}", worded(wording, self.title)
        alternative = worded(wording, self.alternative).text
        drawing = with_alternative(self.drawing, " ".join(map(with_full_stop, (title.plain_headline, alternative))))
        panels = {
            "chart": f'<div class="drawing">{drawing}</div>',
            "table": data_html(wording, self._table_html(wording)),
        }
        return (
            f'<figure class="chart" id="{identifier}">\n'
            f"<figcaption>{label_html(identifier, label_of(wording, 'figure', self.number))}"
            f'<span class="headline">{title.headline}</span></figcaption>\n'
            f"{panels_html(identifier, panels)}\n{_foot_html(wording, self.sentences)}\n</figure>"
        )

    def _table_html(self, wording: Wording) -> str:
        head, *rows = csv.reader(self.data.splitlines())
        # One panel has no name.
        columns = [(name, *cells) for name, *cells in zip(head, *rows) if any(cells)]
        names, *drawn = zip(*columns) if columns else [()]
        tables = [OwnCells(names, tuple(drawn), sum(name in _SAYING_WHAT for name in names), note="")]
        return own_table_html(tables, escape(wording.text("Data of this figure")))


@dataclass(frozen=True)
class OwnTable(Block):
    """Tables that the study was given, under one title."""

    name: str
    number: int
    tables: tuple[OwnCells, ...]
    title: Sentence

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.title,)

    def html(self, wording: Wording) -> str:
        identifier = f"table-{self.name}"
        label = label_html(identifier, label_of(wording, "table", self.number))
        caption = f'{label}<span class="headline">{worded(wording, self.title).headline}</span>'
        return (
            f'<div class="table" id="{identifier}">\n<div class="scroll">'
            f"{own_table_html(self.tables, caption)}</div>\n{_foot_html(wording, self.sentences)}\n</div>"
        )


def _foot_html(wording: Wording, sentences: Sequence[Sentence]) -> str:
    """What stands below: that no result is behind it, and the flags of its words."""
    said = wording.text("Made in the notebook of this study: the numbers in it are not among its results.")
    return f'<p class="source">{escape(said)}</p>{legend_of(wording, sentences)}'

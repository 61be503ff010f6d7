"""A figure or table of a researcher's own as a block: carried over unchanged into every language, its words worded."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.model.sentence import Sentence
from workbench.presentation.blocks import Block, label_html, label_of, legend_of
from workbench.presentation.downloads import downloads_html, drawing_link, file_link
from workbench.presentation.own.figures import with_alternative
from workbench.presentation.own.tables import OwnCells, own_table_csv, own_table_html
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording, with_full_stop


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
        links = (_data_link(wording, identifier, self.data), drawing_link(wording, identifier, drawing))
        return (
            f'<figure class="chart" id="{identifier}">\n'
            f"<figcaption>{label_html(identifier, label_of(wording, 'figure', self.number))}"
            f'<span class="headline">{title.headline}</span></figcaption>\n'
            f'<div class="drawing">{drawing}</div>\n{_foot_html(wording, self.sentences, links)}\n</figure>'
        )


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
        links = (_data_link(wording, identifier, own_table_csv(self.tables)),)
        return (
            f'<div class="table" id="{identifier}">\n<div class="scroll" tabindex="0">'
            f"{own_table_html(self.tables, caption)}</div>\n{_foot_html(wording, self.sentences, links)}\n</div>"
        )


def _data_link(wording: Wording, identifier: str, data: str) -> str:
    return file_link(wording, f"{identifier}.csv", "text/csv", data.encode(), wording.text("Data"))


def _foot_html(wording: Wording, sentences: Sequence[Sentence], links: Sequence[str]) -> str:
    """What stands below: that no result is behind it, the flags of its words, its files."""
    said = wording.text("Made in the notebook of this study: the numbers in it are not among its results.")
    return f'<p class="source">{escape(said)}</p>{legend_of(wording, sentences)}{downloads_html(wording, *links)}'

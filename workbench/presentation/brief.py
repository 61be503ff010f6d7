"""The blocks of a brief: short lists of sentences, and what an editor says of them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from workbench.model.sentence import Sentence
from workbench.presentation.blocks import Block, address_of_study, legend_of
from workbench.presentation.sentences import worded, worded_as_written
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Point:
    """A sentence of a list; and name and title of the study that says more of it, if there is one to link to."""

    sentence: Sentence
    study: str = ""
    title: str = ""


@dataclass(frozen=True)
class Points(Block):
    """A list of sentences, numbered where their order says something; nothing, without any."""

    points: tuple[Point, ...]
    is_numbered: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(point.sentence for point in self.points)

    def html(self, wording: Wording) -> str:
        if not self.points:
            return ""
        items = "\n".join(f"<li>{_point_html(wording, point)}</li>" for point in self.points)
        kind = "ol" if self.is_numbered else "ul"
        return f'<{kind} class="points">\n{items}\n</{kind}>{legend_of(wording, self.sentences)}'


@dataclass(frozen=True)
class Signed:
    """A commentary in one language: its paragraphs, as their author wrote them; who that is, and the day."""

    author: str
    date: str
    paragraphs: tuple[Sentence, ...]


@dataclass(frozen=True)
class Commentary(Block):
    """What an editor says of the year, in each language that it was written in; nothing in any other."""

    signed: Mapping[str, Signed]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        # The numbers of one language are those of the others, or each is published by itself.
        return tuple(paragraph for one in self.signed.values() for paragraph in one.paragraphs)

    def html(self, wording: Wording) -> str:
        if wording.language not in self.signed:
            return ""
        said = self.signed[wording.language]
        text = "\n".join(f"<p>{worded_as_written(wording, paragraph).html}</p>" for paragraph in said.paragraphs)
        day = wording.date(datetime.date.fromisoformat(said.date))
        signature = (
            f'<p class="signature">{escape(said.author)}, <time datetime="{escape(said.date)}">{escape(day)}</time></p>'
        )
        return f"{text}\n{signature}{legend_of(wording, said.paragraphs)}"


def _point_html(wording: Wording, point: Point) -> str:
    said = f"<p>{worded(wording, point.sentence).html}</p>"
    if not point.study:
        return said
    title = escape(wording.text(point.title))
    href = escape(address_of_study(point.study, wording.language))
    return f'{said}<p class="more"><a href="{href}">{title}</a></p>'

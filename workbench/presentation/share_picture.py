"""The picture that a link to a page shows where it is shared, on 1200 × 630 pixels: a name, and a number with its line, or
what a study found first."""

import hashlib
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from workbench.model.record import About
from workbench.model.types import Result
from workbench.presentation.charts.style import ACCENT, FAINT, GRID, GROUND, INK, styled
from workbench.presentation.wording import Wording

WIDTH, HEIGHT = 1200, 630
_DPI = 100
_LEFT = 0.06
_LETTERS_IN_LINE = 38
_SAID = (50, 4)
"""Letters in a line of a sentence, and its lines."""


@dataclass(frozen=True)
class SharePicture:
    """What the picture shows.

    Attributes
    ----------
    title : str
        Of the page.
    site : str
        Whose page it is.
    label, number : str
        What the number is, and the number as it is worded; both empty where a page has none.
    line : tuple of (str, float)
        The periods of the number's series with their values, the last of which is the number.
    said : str
        A sentence instead of a number.
    """

    title: str
    site: str
    label: str = ""
    number: str = ""
    line: tuple[tuple[str, float], ...] = ()
    said: str = ""

    @cached_property
    def digest(self) -> str:
        """What tells a picture from any other: what it shows, and how it is drawn."""
        return hashlib.sha256(repr(self).encode() + _drawn_by()).hexdigest()[:12]


@lru_cache(maxsize=256)
def png(picture: SharePicture) -> bytes:
    """Draw a picture; the same bytes each time."""
    with styled():
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=GROUND)
        # Whatever was set for the figures of researchers: each part has its place.
        figure.set_layout_engine("none")
        figure.text(_LEFT, 0.9, picture.site, color=FAINT, size=20, weight="bold", va="top")
        figure.text(_LEFT, 0.82, _shortened(picture.title), color=INK, size=34, weight="bold", va="top")
        if picture.said:
            figure.text(_LEFT, 0.56, _shortened(picture.said, *_SAID), color=ACCENT, size=28, va="top", linespacing=1.4)
        if picture.number:
            figure.text(
                _LEFT, 0.38, picture.number, color=ACCENT, size=_size(picture.number), weight="bold", va="baseline"
            )
            figure.text(_LEFT, 0.29, _shortened(picture.label), color=FAINT, size=20, va="top")
        if len(picture.line) > 1:
            _draw_line(figure, picture.line)
        figure.add_artist(Rectangle((0, 0), 1, 0.03, color=ACCENT, transform=figure.transFigure))
        written = io.BytesIO()
        FigureCanvasAgg(figure).print_png(written, metadata={"Software": None})
    return written.getvalue()


@cache
def _drawn_by() -> bytes:
    """The code that draws."""
    return Path(__file__).read_bytes()


def share_picture(wording: Wording, title: str, site: str, series: Sequence[Result]) -> SharePicture:
    """The picture of a page: the last number of a series that is there, and the line up to it."""
    there = [result for result in series if result.is_available]
    if not there:
        return SharePicture(title, site)
    last = there[-1]
    label = f"{wording.indicator(last.indicator)}. {wording.label('geo', last.geo)}, {last.time}"
    line = tuple((result.time, result.value) for result in there)
    return SharePicture(title, site, label, wording.value(last), line)


def study_picture(study: About, site: str) -> SharePicture:
    """The picture of a study."""
    return SharePicture(study.full_title, site, said=first_said(study))


def first_said(study: About) -> str:
    """What a study found first; one without findings says what it is about."""
    return study.findings[0] if study.findings else study.summary


def _draw_line(figure: Figure, line: Sequence[tuple[str, float]]) -> None:
    axes = figure.add_axes((0.52, 0.2, 0.42, 0.36))
    values = [value for _, value in line]
    times = [int(time) for time, _ in line]
    axes.plot(times, values, color=ACCENT, linewidth=4)
    axes.plot(times[-1:], values[-1:], "o", color=ACCENT, markersize=13)
    axes.set_ylim(min(0.0, *values), max(0.0, *values) * 1.08 or 1)
    axes.set_xticks([times[0], times[-1]])
    axes.set_yticks([])
    axes.tick_params(labelsize=18, colors=FAINT, length=0)
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)


def _size(number: str) -> float:
    """The size of letters in which a number ends before the line begins."""
    return min(64.0, 64.0 * 8 / len(number))


def _shortened(text: str, letters: int = _LETTERS_IN_LINE, most: int = 2) -> str:
    """A text in at most so many lines; what does not fit is left out, at a word."""
    return textwrap.fill(text, letters, max_lines=most, placeholder=" …")

"""The key above a drawing: what its lines, marks and fills are."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workbench.presentation.charts.sheet import Sheet

Entry = tuple[Line2D | Patch, str]
"""A mark and its words."""

_MARK = 6
"""The room of a mark, in letters."""
_LINE = 1.4
"""The height of a line, of its letters."""
_NOTHING: Entry = (Patch(visible=False), "")


def draw_key(figure: Sheet, *rows: Sequence[Entry]) -> None:
    """Explain marks by words above the axes, each row in one line, or in as many as its words need."""
    rows = tuple([_wrapped(entry, figure.measure.letters - _MARK) for entry in row] for row in rows if row)
    if not rows:
        return
    columns = max(map(len, rows))
    while columns > 1 and _width(_lines(rows, columns)) > figure.measure.letters:
        columns -= 1
    lines = _lines(rows, columns)
    if figure.measure.is_narrow:
        # The key takes no room from the drawing.
        height = sum(max(words.count("\n") + 1 for _, words in line) for line in lines) * figure.measure.size * _LINE
        figure.set_figheight(figure.get_figheight() + height / 72)
    # Matplotlib fills a key column by column.
    entries = [line[column] for column in range(columns) for line in lines]
    figure.legend(
        *zip(*entries),
        loc="outside upper left",
        ncols=columns,
        frameon=False,
        borderpad=0,
        borderaxespad=0.2,
        handlelength=1.6,
        columnspacing=1.4,
        labelspacing=0.35,
    )


def _lines(rows: Sequence[Sequence[Entry]], columns: int) -> list[list[Entry]]:
    """The rows, parted and filled up so that each has as many entries."""
    lines = [list(row[start : start + columns]) for row in rows for start in range(0, len(row), columns)]
    return [line + [_NOTHING] * (columns - len(line)) for line in lines]


def _wrapped(entry: Entry, letters: int) -> Entry:
    mark, words = entry
    return mark, fill(words, letters)


def _width(lines: Sequence[Sequence[Entry]]) -> int:
    """In letters: each column is as wide as its longest entry."""
    return sum(max(max(map(len, words.split("\n"))) + _MARK for _, words in column) for column in zip(*lines))

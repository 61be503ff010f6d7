"""An answer as plain text for a terminal: a table, a chart, and all that must be known of the numbers."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill, wrap

from workbench.exploring.missing import Missing
from workbench.exploring.shape import Shape
from workbench.exploring.terminal_chart import bars, columns
from workbench.exploring.words import missing_lines, rounding_lines, source_lines
from workbench.model.types import Result
from workbench.presentation.tables import Axis, flag_lines, footnotes
from workbench.presentation.wording import RANK, Wording, flags_beside

_MOST_BARS, _MOST_DRAWN = 30, 12
_LEAST_WIDTH = 40


def told(shape: Shape, missing: Missing, wording: Wording, width: int) -> str:
    """An answer as lines no wider than ``width``, as far as its names and numbers allow."""
    width = max(width, _LEAST_WIDTH)
    lines = [shape.title(wording), *wrap(shape.scope(wording), width)]
    if not missing.is_all_of(shape.results):
        lines.append("")
        lines += _of_one_period(shape, wording, width) if len(shape.times) == 1 else _over_time(shape, wording, width)
    for paragraph in _notes(shape, missing, wording):
        lines += ["", *(line for text in paragraph for line in _wrapped(text, width))]
    return "\n".join(lines)


def _over_time(shape: Shape, wording: Wording, width: int) -> list[str]:
    labels = shape.labels(wording)
    table = _table(shape, labels, wording, width)
    # The first rank is the best, and would have the lowest column.
    is_drawn = len(labels) <= _MOST_DRAWN and shape.results[0].unit != RANK
    chart = columns({labels[key]: own for key, own in shape.series.items()}, shape.times, width) if is_drawn else []
    return [*table, *([""] if chart else []), *chart]


def _of_one_period(shape: Shape, wording: Wording, width: int) -> list[str]:
    labels = shape.labels(wording)
    rows = [(labels[key], _number(wording, result), result) for key, (result, *_) in shape.series.items()]
    lines = bars(rows[:_MOST_BARS], width)
    if len(rows) > _MOST_BARS:
        more = wording.text("… and {count} more: --csv FILE has them all")
        lines.append(more.format(count=wording.number(len(rows) - _MOST_BARS)))
    return lines


def _table(shape: Shape, labels: dict[str, str], wording: Wording, width: int) -> list[str]:
    """Periods down and series across, or the other way round where that is what fits."""
    down, across = Axis("time"), Axis(shape.axis)
    cells = {(down.key(r), across.key(r)): _number(wording, r) for r in shape.results}
    times = {time: wording.short_period(time) for time in shape.times}
    upright = [["", *labels.values()], *([times[t], *(cells.get((t, key), "") for key in labels)] for t in times)]
    if _width(upright) <= width:
        return _aligned(upright)
    lying = [["", *times.values()], *([labels[key], *(cells.get((t, key), "") for t in times)] for key in labels)]
    return [line for part in _parts(lying, width) for line in (*_aligned(part), "")][:-1]


def _number(wording: Wording, result: Result) -> str:
    return wording.bare_value(result) + flags_beside(result) if result.is_available else wording.value(result)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return sum(max(map(len, column)) + 2 for column in zip(*rows)) - 2


def _parts(rows: list[list[str]], width: int) -> Iterator[list[list[str]]]:
    """A table too wide for a line as several, each with the names of its rows."""
    names, columns = [row[0] for row in rows], list(zip(*(row[1:] for row in rows)))
    while columns:
        many = len(columns)
        while many > 1 and _width(list(zip(names, *columns[:many]))) > width:
            many -= 1
        part, columns = columns[:many], columns[many:]
        yield [list(row) for row in zip(names, *part)]


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip()
        for row in rows
    ]


def _notes(shape: Shape, missing: Missing, wording: Wording) -> Iterator[list[str]]:
    """What must be known of the numbers, a paragraph each: flags, rounding, what is missing, definition, sources."""
    results = shape.answer.results
    flags = [*flag_lines(wording, results), *(f"{name} {text}" for name, text in footnotes(wording, results))]
    if flags and not missing.is_all_of(results):
        yield flags
    if missing.results:
        yield list(missing_lines(wording, shape, missing))
    indicator = shape.answer.question.indicator
    defined = wording.text("Definition: {definition}").format(definition=wording.definition(indicator))
    yield [defined, *rounding_lines(wording, shape.answer)]
    yield list(source_lines(wording, shape.answer))


def _wrapped(text: str, width: int) -> Iterable[str]:
    """A line broken at spaces; a command stays whole, to be copied."""
    if text.lstrip().startswith("workbench "):
        return [text]
    return fill(text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False).splitlines()

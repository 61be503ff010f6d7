"""The cell of a notebook that makes an answer, with what the study's sidecar must say for it."""

from collections.abc import Iterable

from workbench.exploring.answer import Answer, Reading
from workbench.exploring.charts import chart_of
from workbench.exploring.shape import Shape
from workbench.model.types import NO_VINTAGE


def cell_of(answer: Answer) -> str:
    """The code that reads the same numbers in a study and shows them, from the same vintages."""
    datasets = ", ".join(f"{dataset}: {{}}" for dataset in datasets_of(answer))
    needed = f"# The sidecar of the study says:\n#   datasets: {{{datasets}}}\n#   depends_on: [every vintage]"
    shape = Shape(answer)
    imported = f"from workbench.study import {', '.join(names_shown(shape))}"
    return "\n".join([needed, imported, "", reading_code(answer), showing_code(shape)])


def datasets_of(answer: Answer) -> list[str]:
    """The datasets that a study must declare to read an answer."""
    return sorted({declaration.dataset for declaration, _ in answer.snapshots})


def reading_code(answer: Answer) -> str:
    """The lines that read the results."""
    first, *others = (_call(answer, reading) for reading in answer.readings)
    return "\n".join([f"results = {first}", *(f"results += {call}" for call in others)])


def _call(answer: Answer, reading: Reading) -> str:
    asked = answer.question
    read = {pair for result in reading.results for pair in result.sources if pair[1] != NO_VINTAGE}
    arguments = {
        "geo": _codes(asked.geo),
        "time": _codes(asked.time),
        **{dimension: _codes(codes) for dimension, codes in asked.breakdown.items()},
        "dataset": repr(dict(sorted(read))).replace("'", '"'),
    }
    lines = [f'    "{asked.indicator}",', *(f"    {name}={value}," for name, value in arguments.items())]
    return "\n".join(["study.results(", *lines, ")"])


def _codes(codes: Iterable[str]) -> str:
    several = list(codes)
    return (
        f'"{several[0]}"' if len(several) == 1 else f"[{', '.join(f'{code!r}' for code in several)}]".replace("'", '"')
    )


def names_shown(shape: Shape) -> list[str]:
    """What the lines that show the results import, besides the study."""
    chart = chart_of(shape)
    return ["titled"] if chart is None else [type(chart).__name__, "scope", "titled"]


def showing_code(shape: Shape) -> str:
    """The lines that show the results: a figure, or a table where no chart shows them."""
    name = shape.answer.question.indicator.replace("_", "-")
    chart = chart_of(shape)
    if chart is None:
        return f'study.table("{name}", results, rows="{shape.axis}", columns="time", title=titled(results))'
    kind = type(chart).__name__
    arguments = {"Lines": f'results, by="{shape.axis}"', "Bars": f'results, by="{shape.axis}"'}
    drawn = arguments.get(kind, f'results, rows="{shape.axis}", columns="time"')
    return (
        "study.figure(\n"
        f'    "{name}",\n'
        f"    {kind}({drawn}),\n"
        "    title=titled(results),\n"
        "    subtitle=scope(results),\n"
        ")"
    )

"""What is said beside an answer, in the terminal and on its page: sources, rounding, and why something is missing."""

import math
from collections.abc import Iterator

from workbench.exploring.answer import Answer
from workbench.exploring.missing import Missing
from workbench.exploring.shape import Shape
from workbench.presentation.lacking import said_lacking
from workbench.presentation.wording import Wording


def source_lines(wording: Wording, answer: Answer) -> Iterator[str]:
    """Provider, title, code and vintage of each snapshot that numbers are from."""
    for declaration, snapshot in answer.snapshots:
        vintage = wording.text("vintage") + f" {snapshot.id.vintage}"
        yield (
            f"{wording.text(declaration.provider)}: {wording.text(declaration.title)} ({declaration.dataset}), {vintage}"
        )


def rounding_lines(wording: Wording, answer: Answer) -> Iterator[str]:
    """How the published values are rounded, and how far that leaves the numbers shown open."""
    bases = {declaration.rounding_base for declaration, _ in answer.snapshots if declaration.rounding_base != 1}
    widths = [result.high - result.low for result in answer.results if math.isfinite(result.high - result.low)]
    if not bases or max(widths, default=0) <= 0:
        return
    said = wording.text("Rounding: published to the nearest {base}; the numbers shown may be off by up to {most}.")
    told = said.format(
        base=", ".join(wording.number(base, decimals=0 if base >= 1 else 1) for base in sorted(bases)),
        most=_most(wording, max(widths) / 2, answer.results[0].unit),
    )
    yield told.replace("..", ".")  # a unit may end with a full stop


def _most(wording: Wording, most: float, unit: str) -> str:
    """How far a number may be off at most; what is more than nothing never reads as zero."""
    places = max(1, wording.decimals(unit))
    least = 10**-places
    told = wording.number(most, decimals=places) if most >= least / 2 else "<" + wording.number(least, decimals=places)
    return told + wording.unit_sign("percentage points" if unit == "%" else unit)


def missing_lines(wording: Wording, shape: Shape, missing: Missing) -> Iterator[str]:
    """How much is missing, why, which vintage or dataset has some of it, and the commands that would ask for the rest."""
    yield wording.text("Not there: {count} of {all} numbers.").format(
        count=wording.number(len(missing.results)), all=wording.number(len(shape.answer.results))
    )
    for one in missing.lacking:
        yield said_lacking(wording, one)
    for other in missing.elsewhere:
        yield wording.text("Of these, {dataset} has {count} in vintage {vintage}: add {option}").format(
            count=wording.number(len(other.results)),
            dataset=other.dataset,
            vintage=other.vintage,
            option=_option(shape.answer, other.dataset, other.vintage),
        )
    if missing.commands:
        yield wording.text("To ask for what no snapshot here has:")
        yield from missing.commands


def _option(answer: Answer, dataset: str, vintage: str) -> str:
    """What to add to the question, so that another vintage or dataset is read."""
    read = {source.dataset for reading in answer.readings for _, source, _ in reading.counts_read}
    return f"vintage={vintage}" if dataset in read else f"dataset={dataset}"

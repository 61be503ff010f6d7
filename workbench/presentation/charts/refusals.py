"""Charts refuse what they cannot show correctly: better no picture than one that silently leaves out numbers."""

from collections.abc import Iterable, Sequence

from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.tables import Axis, placed


def refuse_more(chart: str, most: int, keys: Sequence[str], hint: str) -> None:
    """Refuse more lines, columns or parts than a reader can tell apart in a chart.

    Raises
    ------
    WorkbenchError
        Saying how many there are and what shows them instead.
    """
    if len(keys) > most:
        raise WorkbenchError(
            f"{chart} cannot tell {len(keys)} series apart",
            expected=f"at most {most}",
            found=", ".join(keys),
            hint=hint,
        )


def refuse_several(chart: str, results: Iterable[Result], *axes: str) -> None:
    """Refuse results of which several would be at one place; see `workbench.presentation.tables.placed`."""
    placed(chart, results, *map(Axis, axes))


def refuse_below_zero(chart: str, results: Iterable[Result], hint: str) -> None:
    """Refuse values below zero where lengths start at zero and go one way.

    Raises
    ------
    WorkbenchError
        Naming them.
    """
    below = [result for result in results if result.is_available and result.value < 0]
    if below:
        raise WorkbenchError(
            f"{chart} has no room for a value below zero",
            expected="values from zero up",
            found="; ".join(f"{result.value:g} ({', '.join(filter(None, result.key))})" for result in below[:5]),
            hint=hint,
        )

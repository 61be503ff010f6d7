"""How it is said why a number is not there."""

from collections import defaultdict
from collections.abc import Iterable

from workbench.indicators.lacking import Lacking, Reason
from workbench.model.periods import spans
from workbench.model.types import NO_VINTAGE
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_NAMED_PLACES = 6


class Reasons(tuple[str, ...]):
    """Why numbers are not there, a line each."""

    def __repr__(self) -> str:
        return "\n".join(self) or "nothing is missing"


def said_lacking(wording: Wording, one: Lacking) -> str:
    """Where something is missing, and why: ``Lithuania 2013–2014: migr_asyappctza 2024-01-18 holds 2015 to 2022``."""
    where = cells_text(wording, one.cells)
    read = f"{one.dataset} {one.vintage}" if one.vintage != NO_VINTAGE else one.dataset
    match one.reason:
        case Reason.NO_SNAPSHOT:
            said = wording.text("there is no snapshot of {read}")
        case Reason.PERIOD:
            (_, first), (_, last) = one.codes
            said = wording.text("{read} holds {first} to {last}")
            return f"{where}: " + said.format(read=read, first=first, last=last)
        case Reason.CODE:
            named = ", ".join(
                f"{Axis(dimension).heading(wording)}: {wording.label(dimension, code)}" for dimension, code in one.codes
            )
            return f"{where}: " + wording.text("{read} does not hold {codes}").format(read=read, codes=named)
        case Reason.NOT_PUBLISHED:
            said = wording.text("{read} holds the period, and the provider has published no value")
    return f"{where}: {said.format(read=read)}"


def cells_text(wording: Wording, cells: Iterable[tuple[str, str]]) -> str:
    """Places and periods: ``Estonia, Latvia 2023–2024; Lithuania 2023``."""
    by_place: dict[str, list[str]] = defaultdict(list)
    for geo, time in cells:
        by_place[geo].append(time)
    by_times: dict[str, list[str]] = defaultdict(list)
    for geo, times in by_place.items():
        by_times[", ".join(spans(times))].append(wording.label("geo", geo))
    return "; ".join(f"{_some(places)} {times}" for times, places in by_times.items())


def _some(places: list[str]) -> str:
    return ", ".join([*places[:_NAMED_PLACES], *(["…"] if len(places) > _NAMED_PLACES else [])])

"""What stands above results that were read in one go: what they count, and of which places and periods they are."""

from collections.abc import Sequence

from workbench.model.sentence import Bound, Labels, Period, Sentence
from workbench.model.types import Result, message
from workbench.presentation.sentences import sentence

_MOST_PLACES = 5


def titled(results: Sequence[Result]) -> Sentence:
    """The indicator, and those codes of its breakdown that all results share."""
    first, *others = results
    shared = [(name, code) for name, code in first.codes.items() if all(one.codes.get(name) == code for one in others)]
    return sentence("{what}", {"what": Labels((("measured", first.indicator), *shared), ", ")})


def scope(results: Sequence[Result]) -> Sentence:
    """The places, if they are few, and the first and last period."""
    places = tuple(("geo", geo) for geo in dict.fromkeys(result.geo for result in results))
    times = sorted({result.time for result in results})
    bound: dict[str, Bound] = {"places": Labels(places, ", "), "first": Period(times[0]), "last": Period(times[-1])}
    return sentence(_scope(len(places), len(times)), bound)


def _scope(places: int, times: int) -> str:
    if places > _MOST_PLACES:
        return message("{first} to {last}") if times > 1 else "{first}"
    return message("{places}, {first} to {last}") if times > 1 else "{places}, {first}"

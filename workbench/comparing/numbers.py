"""The numbers of two sides, matched: each as it was beside what it has become."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from workbench.model.closeness import say_the_same
from workbench.model.types import Result
from workbench.reproducing.differences import TOLERANCE

Key = tuple[str, ...]

_CLOSER_FIRST: tuple[Callable[[Result], Key], ...] = (
    lambda one: one.key,
    lambda one: (*one.key[:4], one.dataset),
    lambda one: one.key[:4],
)
"""By what numbers are matched: by all that identifies them; else whatever the vintage; else whatever the dataset."""


@dataclass(frozen=True)
class Pair:
    """A number as it was and as it is; one of them may not be there."""

    before: Result | None
    after: Result | None

    @property
    def any(self) -> Result:
        """The number, as it is if it still is."""
        found = self.after or self.before
        assert found
        return found

    @property
    def is_same(self) -> bool:
        """Whether value, bounds, unit and flags are the same, up to the last digit of a file; a vintage alone is no change."""
        return bool(self.before and self.after and say_the_same(self.before, self.after, TOLERANCE))


def matched(before: Iterable[Result], after: Iterable[Result]) -> list[Pair]:
    """Match numbers of the same indicator, place, breakdown and period, in the order of these.

    Where several vintages of one number stand in a study, those of the same vintage are matched first, then the newest of what
    is left.
    """
    old, new = list(before), list(after)
    pairs: list[Pair] = []
    for identity in _CLOSER_FIRST:
        found = list(_matched_by(identity, old, new))
        pairs += found
        met = {id(one) for pair in found for one in (pair.before, pair.after)}
        old, new = ([one for one in side if id(one) not in met] for side in (old, new))
    pairs += [Pair(one, None) for one in old] + [Pair(None, one) for one in new]
    return sorted(pairs, key=lambda pair: pair.any.key)


def _matched_by(identity: Callable[[Result], Key], old: list[Result], new: list[Result]) -> Iterator[Pair]:
    there: dict[Key, list[Result]] = defaultdict(list)
    for one in sorted(new, key=lambda one: one.vintage):
        there[identity(one)].append(one)
    for one in sorted(old, key=lambda one: one.vintage, reverse=True):
        if candidates := there.get(identity(one)):
            yield Pair(one, candidates.pop())


def same_numbers(of: Iterable[Result], crossed: Iterable[Result]) -> dict[Key, Result]:
    """What a crossed run says of each of some numbers, by what identifies them."""
    return {pair.before.key: pair.after for pair in matched(of, crossed) if pair.before and pair.after}

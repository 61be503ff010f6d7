"""What two vintages of a dataset have in common, and what only one of them has."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.data.observations import codes_present, dimensions_of
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.model.errors import UnknownCode
from workbench.model.types import TOTALS

PLACE = "geo"


@dataclass(frozen=True)
class Coverage:
    """What two vintages cover in common, and what only one of them has.

    Attributes
    ----------
    dimensions : tuple of str
        Under their newest names.
    common, only_older, only_newer : dict
        Dimension, and ``time``, to the sorted codes that both vintages, or only one of them, have.
    """

    older: Snapshot
    newer: Snapshot
    declaration: DatasetDeclaration
    dimensions: tuple[str, ...]
    common: Mapping[str, list[str]]
    only_older: Mapping[str, list[str]]
    only_newer: Mapping[str, list[str]]

    @property
    def axes(self) -> list[str]:
        """The dimensions, then ``time``: what identifies an observation."""
        return [*self.dimensions, "time"]

    @property
    def varying(self) -> list[str]:
        """The dimensions of which the vintages have several codes in common."""
        return [dimension for dimension in self.dimensions if len(self.common[dimension]) > 1]


def covered_by(older: Snapshot, newer: Snapshot, declaration: DatasetDeclaration) -> Coverage:
    """What two vintages cover.

    Raises
    ------
    UnknownCode
        If they do not have the same dimensions, once renamed.
    """
    dimensions, others = (dimensions_of(snapshot, declaration) for snapshot in (older, newer))
    if set(dimensions) != set(others):
        raise UnknownCode(
            "the two vintages do not have the same dimensions",
            where=f"{older.id} and {newer.id}",
            expected=", ".join(dimensions),
            found=f"{', '.join(others)} (not in both: {', '.join(sorted({*dimensions} ^ {*others}))})",
            unchanged="nothing was written",
            hint=f"if one was renamed, declare it under renamed in params/datasets/{declaration.dataset}.yaml",
        )
    axes = (*dimensions, "time")
    before, now = ({axis: {*codes_present(one, declaration, axis)} for axis in axes} for one in (older, newer))
    return Coverage(
        older,
        newer,
        declaration,
        dimensions,
        common={axis: sorted(before[axis] & now[axis]) for axis in axes},
        only_older={axis: sorted(before[axis] - now[axis]) for axis in axes},
        only_newer={axis: sorted(now[axis] - before[axis]) for axis in axes},
    )


def total_in_both(coverage: Coverage, place: str) -> dict[str, str] | None:
    """The codes of the total series of a place in both vintages.

    Returns
    -------
    dict or None
        Each dimension to its total or, without one, to the only code that the vintages have in common. None if a dimension
        has neither: codes are never added up.
    """
    wanted = {}
    for dimension in coverage.dimensions:
        codes = [place] if dimension == PLACE else coverage.common[dimension]
        total = next((code for code in TOTALS if code in codes), codes[0] if len(codes) == 1 else None)
        if total is None:
            return None
        wanted[dimension] = total
    return wanted
